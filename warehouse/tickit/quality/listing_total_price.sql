-- name: listing_total_price
-- severity: HIGH
-- table: staging.tickit_listings
-- phase: staged
-- description: The total of a listing is its tickets times the price of one, to the cent.
SELECT
    SUM(CASE WHEN total_price <> ticket_count * price_per_ticket THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_listings
WHERE run_id = p_run_id
