-- What a data product and its columns mean, for BI tools.
-- Written from ../products/30_mv_sales_by_month.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW tickit.mv_sales_by_month
IS 'How many tickets were sold for how much, by month and category; quarters and years are sums of months. One row per month of the sale and category. All sales are in it, once: the sums are the facts'' totals. Money is in US dollars. Refreshed after each publication (AUTO REFRESH NO), so that all products show the same run.';
COMMENT ON COLUMN tickit.mv_sales_by_month.year
IS 'Year of the sales; null for an unknown date';
COMMENT ON COLUMN tickit.mv_sales_by_month.quarter
IS 'Quarter of the sales, 1 to 4; null for an unknown date';
COMMENT ON COLUMN tickit.mv_sales_by_month.month
IS 'Month of the sales, 1 to 12; null for an unknown date';
COMMENT ON COLUMN tickit.mv_sales_by_month.year_month
IS 'Month of the sales as YYYY-MM; Unknown for an unknown date';
COMMENT ON COLUMN tickit.mv_sales_by_month.category_id
IS 'Number at the source; null for the unknown category';
COMMENT ON COLUMN tickit.mv_sales_by_month.category_group
IS 'Sports, Shows or Concerts';
COMMENT ON COLUMN tickit.mv_sales_by_month.category_name
IS 'Short name of the category; Unknown when the event names none that is known';
COMMENT ON COLUMN tickit.mv_sales_by_month.sales
IS 'Sales';
COMMENT ON COLUMN tickit.mv_sales_by_month.tickets
IS 'Tickets sold';
COMMENT ON COLUMN tickit.mv_sales_by_month.revenue
IS 'Price paid for them';
COMMENT ON COLUMN tickit.mv_sales_by_month.commission
IS 'The marketplace''s share of it';
