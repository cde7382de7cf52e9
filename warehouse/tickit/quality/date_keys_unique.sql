-- name: date_keys_unique
-- severity: CRITICAL
-- table: staging.tickit_dates
-- phase: staged
-- description: No date is staged twice in a run.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        date_id,
        COUNT(*) AS copies
    FROM staging.tickit_dates
    WHERE run_id = p_run_id
    GROUP BY date_id
) AS counted
