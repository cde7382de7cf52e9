-- name: bridge_events_known
-- severity: CRITICAL
-- table: ticketmaster.bridge_event_attraction
-- phase: star
-- description: Every event of a bridge is in fact_events.
SELECT
    SUM(CASE WHEN f.event_id IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT event_id FROM ticketmaster.bridge_event_attraction
    UNION ALL
    SELECT event_id FROM ticketmaster.bridge_event_classification
) AS b
LEFT JOIN ticketmaster.fact_events AS f ON b.event_id || '' = f.event_id
