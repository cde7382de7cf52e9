-- name: sale_commission_rate
-- severity: HIGH
-- table: staging.tickit_sales
-- phase: staged
-- description: The commission is 15 % of the price paid, rounded to the cent.
SELECT
    SUM(CASE WHEN ABS(commission - price_paid * 0.15) > 0.005 THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_sales
WHERE run_id = p_run_id
