-- name: event_prices_not_negative
-- severity: HIGH
-- table: staging.ticketmaster_events
-- phase: staged
-- max_failed_share: 0.01
-- description: No price is below zero, and a price has a currency.
SELECT
    SUM(
        CASE WHEN price_min < 0 OR price_max < 0 OR (price_min IS NOT NULL AND price_currency IS NULL) THEN 1 ELSE 0 END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
