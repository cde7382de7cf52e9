-- name: fact_events_shows_resolve
-- severity: CRITICAL
-- table: ticketmaster.fact_events
-- phase: star
-- description: Every event that represents a show is in fact_events.
SELECT
    SUM(CASE WHEN f.show_of IS NOT NULL AND s.event_id IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM ticketmaster.fact_events AS f
LEFT JOIN ticketmaster.fact_events AS s ON f.show_of = s.event_id
WHERE f.last_seen_on BETWEEN v_from AND v_to
