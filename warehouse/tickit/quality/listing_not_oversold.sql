-- name: listing_not_oversold
-- severity: HIGH
-- table: staging.tickit_listings
-- phase: staged
-- description: Of a listing no more tickets are sold than it offers.
SELECT
    SUM(CASE WHEN s.tickets > l.ticket_count THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_listings AS l
LEFT JOIN (
    SELECT
        listing_id,
        SUM(quantity_sold) AS tickets
    FROM staging.tickit_sales
    WHERE run_id = p_run_id
    GROUP BY listing_id
) AS s ON l.listing_id = s.listing_id
WHERE l.run_id = p_run_id
