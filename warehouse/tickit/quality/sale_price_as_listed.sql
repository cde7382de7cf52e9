-- name: sale_price_as_listed
-- severity: HIGH
-- table: staging.tickit_sales
-- phase: staged
-- description: The price paid is the tickets sold times the listing's price of one, to the cent.
SELECT
    SUM(CASE WHEN s.price_paid <> s.quantity_sold * l.price_per_ticket THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_sales AS s
INNER JOIN staging.tickit_listings AS l ON s.listing_id = l.listing_id AND l.run_id = p_run_id
WHERE s.run_id = p_run_id
