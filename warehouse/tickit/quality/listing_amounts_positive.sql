-- name: listing_amounts_positive
-- severity: HIGH
-- table: staging.tickit_listings
-- phase: staged
-- description: A listing is of at least one ticket, and no money is negative.
SELECT
    SUM(CASE WHEN ticket_count < 1 OR price_per_ticket < 0 OR total_price < 0 THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_listings
WHERE run_id = p_run_id
