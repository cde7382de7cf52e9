-- name: sale_within_listing
-- severity: HIGH
-- table: staging.tickit_sales
-- phase: staged
-- description: A sale has the event and the seller of its listing, and is not before it.
SELECT
    SUM(
        CASE WHEN s.event_id <> l.event_id OR s.seller_id <> l.seller_id OR s.sold_at < l.listed_at THEN 1 ELSE 0 END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_sales AS s
INNER JOIN staging.tickit_listings AS l ON s.listing_id = l.listing_id AND l.run_id = p_run_id
WHERE s.run_id = p_run_id
