-- name: listing_seller_known
-- severity: HIGH
-- table: staging.tickit_listings
-- phase: staged
-- max_failed_share: 0.01
-- description: The seller of a listing is staged; listings of users who are not are few.
SELECT
    missing.row_count AS failed_rows,
    counted.row_count AS total_rows
FROM (
    SELECT COUNT(*) AS row_count
    FROM staging.tickit_listings AS f
    WHERE
        f.run_id = p_run_id
        AND NOT EXISTS (SELECT 1 FROM staging.tickit_users AS d WHERE d.run_id = p_run_id AND d.user_id = f.seller_id)
) AS missing
CROSS JOIN (SELECT COUNT(*) AS row_count FROM staging.tickit_listings WHERE run_id = p_run_id) AS counted
