-- name: event_hours_in_range
-- severity: HIGH
-- table: staging.ticketmaster_events
-- phase: staged
-- description: Local hours are 0 to 23, weekdays 1 to 7.
SELECT
    SUM(CASE WHEN local_hour NOT BETWEEN 0 AND 23 OR weekday_sort NOT BETWEEN 1 AND 7 THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
