-- name: sale_keys_unique
-- severity: CRITICAL
-- table: staging.tickit_sales
-- phase: staged
-- description: No sale is staged twice in a run.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        sale_id,
        COUNT(*) AS copies
    FROM staging.tickit_sales
    WHERE run_id = p_run_id
    GROUP BY sale_id
) AS counted
