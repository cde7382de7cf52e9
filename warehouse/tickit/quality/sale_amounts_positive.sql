-- name: sale_amounts_positive
-- severity: HIGH
-- table: staging.tickit_sales
-- phase: staged
-- description: A sale is of at least one ticket, and no money is negative.
SELECT
    SUM(CASE WHEN quantity_sold < 1 OR price_paid < 0 OR commission < 0 THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_sales
WHERE run_id = p_run_id
