-- name: event_market_known
-- severity: MEDIUM
-- table: staging.ticketmaster_events
-- phase: staged
-- description: A market that an event names is staged or known.
SELECT
    SUM(CASE WHEN e.market_id IS NOT NULL AND s.market_id IS NULL AND d.market_id IS NULL THEN 1 ELSE 0 END)
        AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events AS e
LEFT JOIN
    (SELECT DISTINCT market_id FROM staging.ticketmaster_markets WHERE run_id = p_run_id) AS s
    ON e.market_id = s.market_id
LEFT JOIN (SELECT DISTINCT market_id FROM ticketmaster.dim_market) AS d ON e.market_id = d.market_id
WHERE e.run_id = p_run_id
