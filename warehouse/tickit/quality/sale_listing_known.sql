-- name: sale_listing_known
-- severity: HIGH
-- table: staging.tickit_sales
-- phase: staged
-- description: The listing of a sale is staged.
SELECT
    missing.row_count AS failed_rows,
    counted.row_count AS total_rows
FROM (
    SELECT COUNT(*) AS row_count
    FROM staging.tickit_sales AS f
    WHERE
        f.run_id = p_run_id
        AND NOT EXISTS (
            SELECT 1 FROM staging.tickit_listings AS d WHERE d.run_id = p_run_id AND d.listing_id = f.listing_id
        )
) AS missing
CROSS JOIN (SELECT COUNT(*) AS row_count FROM staging.tickit_sales WHERE run_id = p_run_id) AS counted
