-- name: attraction_keys_unique
-- severity: CRITICAL
-- table: staging.ticketmaster_attractions
-- phase: staged
-- description: No attraction is staged twice in a run.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        attraction_id,
        COUNT(*) AS copies
    FROM staging.ticketmaster_attractions
    WHERE run_id = p_run_id
    GROUP BY attraction_id
) AS counted
