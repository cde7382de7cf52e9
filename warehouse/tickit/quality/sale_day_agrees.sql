-- name: sale_day_agrees
-- severity: MEDIUM
-- table: staging.tickit_sales
-- phase: staged
-- max_failed_share: 0.001
-- description: The day of a sale is that of its time, and both are there.
SELECT
    SUM(CASE WHEN COALESCE(CAST(sold_at AS DATE) <> sale_date, TRUE) THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_sales
WHERE run_id = p_run_id
