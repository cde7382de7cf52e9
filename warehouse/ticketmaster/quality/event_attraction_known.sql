-- name: event_attraction_known
-- severity: HIGH
-- table: staging.ticketmaster_events
-- phase: staged
-- max_failed_share: 0.05
-- description: An attraction that an event names is staged or known; those only referenced and not found are few.
SELECT
    SUM(
        CASE WHEN e.attraction_id IS NOT NULL AND s.attraction_id IS NULL AND d.attraction_id IS NULL THEN 1 ELSE 0 END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events AS e
LEFT JOIN
    (SELECT DISTINCT attraction_id FROM staging.ticketmaster_attractions WHERE run_id = p_run_id) AS s
    ON e.attraction_id = s.attraction_id
LEFT JOIN (SELECT DISTINCT attraction_id FROM ticketmaster.dim_attraction) AS d ON e.attraction_id = d.attraction_id
WHERE e.run_id = p_run_id
