-- name: sales_all_staged
-- severity: CRITICAL
-- table: staging.tickit_sales
-- phase: staged
-- description: Every curated sale is staged, and nothing else.
SELECT
    ABS(COALESCE(curated.sales, 0) - staged.sales) AS failed_rows,
    staged.sales AS total_rows
FROM (SELECT COUNT(*) AS sales FROM staging.tickit_sales WHERE run_id = p_run_id) AS staged
CROSS JOIN (
    SELECT SUM(curated_records) AS sales
    FROM etl.run_tables
    WHERE run_id = p_run_id AND layer = 'raw' AND table_name = 'sales'
) AS curated
