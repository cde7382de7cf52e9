-- What a data product and its columns mean, for BI tools.
-- Written from ../products/60_mv_sellers.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW tickit.mv_sellers
IS 'Which sellers sold most tickets, and which for most money? One row per user who sold anything, also one who is not among the users; the sums are the facts'' totals. The two ranks are over all sales there are. Money is in US dollars.';
COMMENT ON COLUMN tickit.mv_sellers.tickets_rank
IS '1 for most tickets; sellers with as many share a rank';
COMMENT ON COLUMN tickit.mv_sellers.revenue_rank
IS '1 for most revenue; sellers with as much share a rank';
COMMENT ON COLUMN tickit.mv_sellers.seller_id
IS 'Number of the seller, known or not';
COMMENT ON COLUMN tickit.mv_sellers.city
IS 'City of the seller; does not match the state';
COMMENT ON COLUMN tickit.mv_sellers.state
IS 'State or province of the seller; null when the seller is unknown';
COMMENT ON COLUMN tickit.mv_sellers.sales
IS 'Sales';
COMMENT ON COLUMN tickit.mv_sellers.tickets
IS 'Tickets sold';
COMMENT ON COLUMN tickit.mv_sellers.revenue
IS 'Price paid for them';
COMMENT ON COLUMN tickit.mv_sellers.commission
IS 'The marketplace''s share of it';
