-- name: event_keys_present
-- severity: CRITICAL
-- table: staging.ticketmaster_events
-- phase: staged
-- description: Every event has an id, and no id is that of an unknown member.
SELECT
    SUM(CASE WHEN event_id = '' OR event_id = '-' THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
