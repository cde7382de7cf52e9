-- What a data product and its columns mean, for BI tools.
-- Written from ../products/70_mv_listing_sell_through.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW tickit.mv_listing_sell_through
IS 'What share of the tickets offered was sold, how fast, and for what money? One row per event and month in which its tickets were listed. Counts and money add up over events, categories and months; shares and averages do not: divide the sums (SUM(tickets_sold) / SUM(tickets_listed)). Sales of a listing that is unknown are left out, because nobody knows what was offered. Money is in US dollars.';
COMMENT ON COLUMN tickit.mv_listing_sell_through.event_id
IS 'Number of the event, known or not';
COMMENT ON COLUMN tickit.mv_listing_sell_through.event_name
IS 'Name of the event as sent';
COMMENT ON COLUMN tickit.mv_listing_sell_through.event_date
IS 'Day of the event at the venue: the true one, which the source gives by number; null when it is unknown';
COMMENT ON COLUMN tickit.mv_listing_sell_through.category_group
IS 'Sports, Shows or Concerts';
COMMENT ON COLUMN tickit.mv_listing_sell_through.category_name
IS 'Short name of the category';
COMMENT ON COLUMN tickit.mv_listing_sell_through.listed_year
IS 'Year of the listing; null for an unknown date';
COMMENT ON COLUMN tickit.mv_listing_sell_through.listed_quarter
IS 'Quarter of the listing, 1 to 4; null for an unknown date';
COMMENT ON COLUMN tickit.mv_listing_sell_through.listed_month
IS 'Month of the listing, 1 to 12; null for an unknown date';
COMMENT ON COLUMN tickit.mv_listing_sell_through.listed_year_month
IS 'Month of the listing as YYYY-MM; Unknown for an unknown date';
COMMENT ON COLUMN tickit.mv_listing_sell_through.listings
IS 'Listings';
COMMENT ON COLUMN tickit.mv_listing_sell_through.listings_sold_out
IS 'Listings of which all tickets were sold';
COMMENT ON COLUMN tickit.mv_listing_sell_through.listings_unsold
IS 'Listings of which no ticket was sold';
COMMENT ON COLUMN tickit.mv_listing_sell_through.tickets_listed
IS 'Tickets offered';
COMMENT ON COLUMN tickit.mv_listing_sell_through.tickets_sold
IS 'Tickets sold of them';
COMMENT ON COLUMN tickit.mv_listing_sell_through.tickets_sold_in_week
IS 'Those sold within 7 days of the day of their listing';
COMMENT ON COLUMN tickit.mv_listing_sell_through.tickets_sold_in_month
IS 'Those sold within 30 days of the day of their listing';
COMMENT ON COLUMN tickit.mv_listing_sell_through.sell_through
IS 'Share of the tickets offered that was sold, 0 to 1';
COMMENT ON COLUMN tickit.mv_listing_sell_through.average_days_to_sale
IS 'Days from listing to sale, average over the tickets sold; null when none was';
COMMENT ON COLUMN tickit.mv_listing_sell_through.value_listed
IS 'Price of all tickets offered';
COMMENT ON COLUMN tickit.mv_listing_sell_through.revenue
IS 'Price paid for those sold';
COMMENT ON COLUMN tickit.mv_listing_sell_through.commission
IS 'The marketplace''s share of it';
