-- name: events_present
-- severity: CRITICAL
-- table: staging.ticketmaster_events
-- phase: staged
-- description: There is at least one event: an empty day would delete the rows that readers have of it.
SELECT
    CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END AS failed_rows,
    CASE WHEN COUNT(*) = 0 THEN 1 ELSE COUNT(*) END AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
