-- name: sale_keys_unique
-- severity: CRITICAL
-- table: staging.tickit_sales
-- phase: staged
-- description: No sale is staged twice in a run.
SELECT
    COUNT(*) - COUNT(DISTINCT sale_id) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_sales
WHERE run_id = p_run_id
