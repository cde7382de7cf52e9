-- name: bridge_venue_market_keys_resolve
-- severity: CRITICAL
-- table: ticketmaster.bridge_venue_market
-- phase: star
-- description: Every key of the bridge is in its dimension.
SELECT
    SUM(CASE WHEN d0.venue_sk IS NULL OR d1.market_sk IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM ticketmaster.bridge_venue_market AS f
LEFT JOIN ticketmaster.dim_venue AS d0 ON f.venue_sk + 0 = d0.venue_sk
LEFT JOIN ticketmaster.dim_market AS d1 ON f.market_sk + 0 = d1.market_sk
