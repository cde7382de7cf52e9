-- name: listing_seller_known
-- severity: HIGH
-- table: staging.tickit_listings
-- phase: staged
-- max_failed_share: 0.01
-- description: The seller of a listing is staged; listings of users who are not are few.
SELECT
    SUM(CASE WHEN u.user_id IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_listings AS l
LEFT JOIN (SELECT DISTINCT user_id FROM staging.tickit_users WHERE run_id = p_run_id) AS u ON l.seller_id = u.user_id
WHERE l.run_id = p_run_id
