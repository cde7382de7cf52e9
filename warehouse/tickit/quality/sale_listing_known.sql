-- name: sale_listing_known
-- severity: HIGH
-- table: staging.tickit_sales
-- phase: staged
-- description: The listing of a sale is staged.
SELECT
    SUM(CASE WHEN l.listing_id IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_sales AS s
LEFT JOIN (SELECT DISTINCT listing_id FROM staging.tickit_listings WHERE run_id = p_run_id) AS l
    ON s.listing_id = l.listing_id
WHERE s.run_id = p_run_id
