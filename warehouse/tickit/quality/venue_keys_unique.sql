-- name: venue_keys_unique
-- severity: CRITICAL
-- table: staging.tickit_venues
-- phase: staged
-- description: No venue is staged twice in a run.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        venue_id,
        COUNT(*) AS copies
    FROM staging.tickit_venues
    WHERE run_id = p_run_id
    GROUP BY venue_id
) AS counted
