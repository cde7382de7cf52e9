-- What a data product and its columns mean, for BI tools.
-- Written from ../products/40_mv_sales_by_region.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW tickit.mv_sales_by_region
IS 'Which states sell, buy and stage most, and which bring most commission? One row per kind of region, state, month of the sale and category. There are three kinds: the seller''s, the buyer''s and the venue''s state. Each of them has all sales, once: choose one (WHERE region_of = ''venue'') before adding up, and the sums are the facts'' totals. Sales whose user or venue, or its state, is unknown are the state Unknown. Money is in US dollars.';
COMMENT ON COLUMN tickit.mv_sales_by_region.region_of
IS 'Whose state it is: seller, buyer or venue';
COMMENT ON COLUMN tickit.mv_sales_by_region.state
IS 'State or province; Unknown when there is none';
COMMENT ON COLUMN tickit.mv_sales_by_region.country
IS 'Country of the venue''s state, ISO 3166-1 alpha-2; null for sellers and buyers, whose country is not known';
COMMENT ON COLUMN tickit.mv_sales_by_region.year
IS 'Year of the sales; null for an unknown date';
COMMENT ON COLUMN tickit.mv_sales_by_region.quarter
IS 'Quarter of the sales, 1 to 4; null for an unknown date';
COMMENT ON COLUMN tickit.mv_sales_by_region.month
IS 'Month of the sales, 1 to 12; null for an unknown date';
COMMENT ON COLUMN tickit.mv_sales_by_region.year_month
IS 'Month of the sales as YYYY-MM; Unknown for an unknown date';
COMMENT ON COLUMN tickit.mv_sales_by_region.category_id
IS 'Number of the category; null when it is unknown';
COMMENT ON COLUMN tickit.mv_sales_by_region.category_group
IS 'Sports, Shows or Concerts; Unknown';
COMMENT ON COLUMN tickit.mv_sales_by_region.category_name
IS 'Short name of the category; Unknown when the event names none that is known';
COMMENT ON COLUMN tickit.mv_sales_by_region.sales
IS 'Sales';
COMMENT ON COLUMN tickit.mv_sales_by_region.tickets
IS 'Tickets sold';
COMMENT ON COLUMN tickit.mv_sales_by_region.revenue
IS 'Price paid for them';
COMMENT ON COLUMN tickit.mv_sales_by_region.commission
IS 'The marketplace''s share of it';
