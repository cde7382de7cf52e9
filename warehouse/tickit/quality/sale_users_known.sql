-- name: sale_users_known
-- severity: HIGH
-- table: staging.tickit_sales
-- phase: staged
-- max_failed_share: 0.01
-- description: Seller and buyer of a sale are staged; sales of users who are not are few.
SELECT
    without_seller.row_count + without_buyer.row_count AS failed_rows,
    counted.row_count AS total_rows
FROM (
    SELECT COUNT(*) AS row_count
    FROM staging.tickit_sales AS f
    WHERE
        f.run_id = p_run_id
        AND NOT EXISTS (SELECT 1 FROM staging.tickit_users AS d WHERE d.run_id = p_run_id AND d.user_id = f.seller_id)
) AS without_seller
CROSS JOIN (
    SELECT COUNT(*) AS row_count
    FROM staging.tickit_sales AS f
    WHERE
        f.run_id = p_run_id
        AND NOT EXISTS (SELECT 1 FROM staging.tickit_users AS d WHERE d.run_id = p_run_id AND d.user_id = f.buyer_id)
        AND EXISTS (SELECT 1 FROM staging.tickit_users AS d WHERE d.run_id = p_run_id AND d.user_id = f.seller_id)
) AS without_buyer
CROSS JOIN (SELECT COUNT(*) AS row_count FROM staging.tickit_sales WHERE run_id = p_run_id) AS counted
