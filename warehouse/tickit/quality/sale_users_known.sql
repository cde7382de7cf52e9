-- name: sale_users_known
-- severity: HIGH
-- table: staging.tickit_sales
-- phase: staged
-- max_failed_share: 0.01
-- description: Seller and buyer of a sale are staged; sales of users who are not are few.
SELECT
    SUM(CASE WHEN u.user_id IS NULL OR b.user_id IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_sales AS s
LEFT JOIN (SELECT DISTINCT user_id FROM staging.tickit_users WHERE run_id = p_run_id) AS u ON s.seller_id = u.user_id
LEFT JOIN (SELECT DISTINCT user_id FROM staging.tickit_users WHERE run_id = p_run_id) AS b ON s.buyer_id = b.user_id
WHERE s.run_id = p_run_id
