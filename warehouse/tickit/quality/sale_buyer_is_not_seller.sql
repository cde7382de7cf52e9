-- name: sale_buyer_is_not_seller
-- severity: LOW
-- table: staging.tickit_sales
-- phase: staged
-- max_failed_share: 0.001
-- description: Users who buy from themselves are few.
SELECT
    SUM(CASE WHEN buyer_id = seller_id THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_sales
WHERE run_id = p_run_id
