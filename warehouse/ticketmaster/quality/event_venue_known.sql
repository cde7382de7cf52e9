-- name: event_venue_known
-- severity: HIGH
-- table: staging.ticketmaster_events
-- phase: staged
-- max_failed_share: 0.05
-- description: A venue that an event names is staged or known; those only referenced and not found are few.
SELECT
    SUM(CASE WHEN e.venue_id IS NOT NULL AND s.venue_id IS NULL AND d.venue_id IS NULL THEN 1 ELSE 0 END)
        AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events AS e
LEFT JOIN
    (SELECT DISTINCT venue_id FROM staging.ticketmaster_venues WHERE run_id = p_run_id) AS s
    ON e.venue_id = s.venue_id
LEFT JOIN (SELECT DISTINCT venue_id FROM ticketmaster.dim_venue) AS d ON e.venue_id = d.venue_id
WHERE e.run_id = p_run_id
