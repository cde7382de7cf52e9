-- name: event_venue_named
-- severity: MEDIUM
-- table: staging.ticketmaster_events
-- phase: staged
-- max_failed_share: 0.20
-- description: Events without any venue are few.
SELECT
    SUM(CASE WHEN venue_id IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
