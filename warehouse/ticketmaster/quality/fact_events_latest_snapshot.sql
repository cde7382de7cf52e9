-- name: fact_events_latest_snapshot
-- severity: CRITICAL
-- table: ticketmaster.fact_events
-- phase: star
-- description: Every event of a day is in fact_events, last seen on that day or later.
SELECT
    SUM(
        CASE
            WHEN f.event_id IS NULL OR f.last_seen_on < s.observed_on OR f.first_seen_on > s.observed_on THEN 1 ELSE 0
        END
    )
        AS failed_rows,
    COUNT(*) AS total_rows
FROM ticketmaster.fact_event_snapshots AS s
LEFT JOIN ticketmaster.fact_events AS f ON s.event_id = f.event_id
WHERE s.observed_on BETWEEN v_from AND v_to
