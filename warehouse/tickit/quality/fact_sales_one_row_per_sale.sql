-- name: fact_sales_one_row_per_sale
-- severity: CRITICAL
-- table: tickit.fact_sales
-- phase: star
-- description: The grain of fact_sales is the sale.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT COUNT(*) AS copies
    FROM tickit.fact_sales
    GROUP BY sale_id + 0
) AS counted
