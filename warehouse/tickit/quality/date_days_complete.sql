-- name: date_days_complete
-- severity: LOW
-- table: staging.tickit_dates
-- phase: staged
-- max_failed_share: 0.01
-- description: No day is missing between the first and the last. 29 February 2008 is missing, and is counted as failed.
SELECT
    DATEDIFF(DAY, MIN(calendar_date), MAX(calendar_date)) + 1 - COUNT(DISTINCT calendar_date) AS failed_rows,
    DATEDIFF(DAY, MIN(calendar_date), MAX(calendar_date)) + 1 AS total_rows
FROM staging.tickit_dates
WHERE run_id = p_run_id
