-- name: event_ends_after_start
-- severity: LOW
-- table: staging.ticketmaster_events
-- phase: staged
-- max_failed_share: 0.01
-- description: An event does not end before it starts.
SELECT
    SUM(CASE WHEN end_at < start_at THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
