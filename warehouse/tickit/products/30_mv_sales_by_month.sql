-- How many tickets were sold, and for how much, by month and category? Quarters and years are sums of months.
-- One row per month of the sale and category. Each sale is included once, so the sums are the facts' totals. Money is
-- in US dollars.
-- Refreshed after each publication (AUTO REFRESH NO), so that all products show the same run.
-- year: Year of the sales; null for an unknown date
-- quarter: Quarter of the sales, 1 to 4; null for an unknown date
-- month: Month of the sales, 1 to 12; null for an unknown date
-- year_month: Month of the sales as YYYY-MM; Unknown for an unknown date
-- year_quarter: Quarter of the sales, such as 2008-Q1; Unknown for an unknown date
-- month_start: First day of the month of the sales; null for an unknown date
-- category_name: Short name of the category; Unknown if the event's category is unknown
-- sales: Number of sales
-- tickets: Number of tickets sold
-- revenue: Price paid for the tickets
-- commission: Share of the revenue that the marketplace keeps
CREATE MATERIALIZED VIEW tickit.mv_sales_by_month
BACKUP NO
DISTSTYLE ALL
SORTKEY (year_month)
AUTO REFRESH NO
AS
SELECT
    d.year,
    d.quarter,
    d.month,
    d.year_month,
    c.category_id,
    c.category_group,
    c.name AS category_name,
    COUNT(*) AS sales,
    SUM(f.quantity_sold) AS tickets,
    CAST(SUM(f.price_paid) AS DECIMAL(18, 2)) AS revenue,
    CAST(SUM(f.commission) AS DECIMAL(18, 2)) AS commission,
    {{ year_quarter("d") }} AS year_quarter,
    MIN(CAST(DATE_TRUNC('month', d.date) AS DATE)) AS month_start
FROM tickit.fact_sales AS f
INNER JOIN common.dim_date AS d ON f.sale_date_key = d.date_key
INNER JOIN tickit.dim_category AS c ON f.category_sk = c.category_sk
GROUP BY d.year, d.quarter, d.month, d.year_month, c.category_id, c.category_group, c.name;
