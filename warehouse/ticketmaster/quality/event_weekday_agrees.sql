-- name: event_weekday_agrees
-- severity: MEDIUM
-- table: staging.ticketmaster_events
-- phase: staged
-- description: The weekday is that of the local start date.
SELECT
    SUM(CASE WHEN start_date IS NOT NULL AND local_weekday <> TRIM(TO_CHAR(start_date, 'Day')) THEN 1 ELSE 0 END)
        AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
