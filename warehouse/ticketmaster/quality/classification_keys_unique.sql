-- name: classification_keys_unique
-- severity: CRITICAL
-- table: staging.ticketmaster_classifications
-- phase: staged
-- description: No classification is staged twice in a run.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        classification_id,
        COUNT(*) AS copies
    FROM staging.ticketmaster_classifications
    WHERE run_id = p_run_id
    GROUP BY classification_id
) AS counted
