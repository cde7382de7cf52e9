-- name: venue_market_keys_unique
-- severity: CRITICAL
-- table: staging.ticketmaster_venue_markets
-- phase: staged
-- description: A venue names a market once.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        venue_id, market_id,
        COUNT(*) AS copies
    FROM staging.ticketmaster_venue_markets
    WHERE run_id = p_run_id
    GROUP BY venue_id, market_id
) AS counted
