-- name: event_show_known
-- severity: CRITICAL
-- table: staging.ticketmaster_events
-- phase: staged
-- description: The event that represents a show is staged, and represents itself, so that a show counts once.
SELECT
    SUM(
        CASE
            WHEN e.is_show AND COALESCE(e.show_of, '') <> e.event_id THEN 1
            WHEN e.is_show IS NULL OR (NOT e.is_show AND e.show_of = e.event_id) THEN 1
            WHEN e.show_of IS NOT NULL AND s.event_id IS NULL THEN 1
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events AS e
LEFT JOIN
    (SELECT DISTINCT event_id FROM staging.ticketmaster_events WHERE run_id = p_run_id AND is_show) AS s
    ON e.show_of = s.event_id
WHERE e.run_id = p_run_id
