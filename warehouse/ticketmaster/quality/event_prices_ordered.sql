-- name: event_prices_ordered
-- severity: HIGH
-- table: staging.ticketmaster_events
-- phase: staged
-- max_failed_share: 0.01
-- description: The lowest price is not above the highest.
SELECT
    SUM(CASE WHEN price_min > price_max THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
