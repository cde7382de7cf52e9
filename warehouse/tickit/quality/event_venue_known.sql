-- name: event_venue_known
-- severity: HIGH
-- table: staging.tickit_events
-- phase: staged
-- max_failed_share: 0.02
-- description: The venue of an event is staged; the 139 events at venues 12, 51 and 64, which are not, are counted, and their sales kept.
SELECT
    SUM(CASE WHEN v.venue_id IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_events AS e
LEFT JOIN (SELECT DISTINCT venue_id FROM staging.tickit_venues WHERE run_id = p_run_id) AS v ON e.venue_id = v.venue_id
WHERE e.run_id = p_run_id
