-- name: bridge_event_attraction_keys_resolve
-- severity: CRITICAL
-- table: ticketmaster.bridge_event_attraction
-- phase: star
-- description: Every key of the bridge is in its dimension.
SELECT
    SUM(CASE WHEN d0.attraction_sk IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM ticketmaster.bridge_event_attraction AS f
LEFT JOIN ticketmaster.dim_attraction AS d0 ON f.attraction_sk + 0 = d0.attraction_sk
