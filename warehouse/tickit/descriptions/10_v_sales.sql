-- What a data product and its columns mean, for BI tools.
-- Written from ../products/10_v_sales.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW tickit.v_sales
IS 'One row per sale with everything that is known of it, names instead of keys: to look at, and to start a question from. Nothing here names a person: users are numbers, with city and state. Money is in US dollars. No sale is left out. Where its event, venue, category, listing or user is unknown, the number that the sale gives stays, and what would be known of it is Unknown or null.';
COMMENT ON COLUMN tickit.v_sales.sale_id
IS 'Number of the sale at the source; there are gaps';
COMMENT ON COLUMN tickit.v_sales.sale_date
IS 'Day of the sale; null when it is unknown';
COMMENT ON COLUMN tickit.v_sales.year
IS 'Year of the sale';
COMMENT ON COLUMN tickit.v_sales.quarter
IS 'Quarter of the sale, 1 to 4';
COMMENT ON COLUMN tickit.v_sales.month
IS 'Month of the sale, 1 to 12';
COMMENT ON COLUMN tickit.v_sales.year_month
IS 'Month of the sale as YYYY-MM; Unknown for an unknown date';
COMMENT ON COLUMN tickit.v_sales.weekday
IS 'Weekday of the sale';
COMMENT ON COLUMN tickit.v_sales.sold_at
IS 'When they were sold, by the marketplace''s clock, whose zone is not known: taken as UTC';
COMMENT ON COLUMN tickit.v_sales.quantity_sold
IS 'Tickets sold';
COMMENT ON COLUMN tickit.v_sales.price_paid
IS 'Paid for all of these tickets together, US dollars: sums of it are revenue';
COMMENT ON COLUMN tickit.v_sales.commission
IS 'The marketplace''s share of price_paid (15 %), US dollars, as sent';
COMMENT ON COLUMN tickit.v_sales.listing_id
IS 'Listing that the tickets are of, as in fact_listings';
COMMENT ON COLUMN tickit.v_sales.listing_date
IS 'Day on which the tickets were listed';
COMMENT ON COLUMN tickit.v_sales.listed_at
IS 'When it was listed, by the marketplace''s clock, whose zone is not known: taken as UTC';
COMMENT ON COLUMN tickit.v_sales.tickets_listed
IS 'Tickets that the listing offered; null when the listing is unknown';
COMMENT ON COLUMN tickit.v_sales.price_per_ticket
IS 'Asked for one ticket, US dollars';
COMMENT ON COLUMN tickit.v_sales.days_listed
IS 'Days from the listing to the sale';
COMMENT ON COLUMN tickit.v_sales.event_id
IS 'Number of the event, known or not';
COMMENT ON COLUMN tickit.v_sales.event_name
IS 'Name of the event as sent';
COMMENT ON COLUMN tickit.v_sales.event_date
IS 'Day of the event at the venue: the true one, which the source gives by number; null when it is unknown';
COMMENT ON COLUMN tickit.v_sales.start_local_at
IS 'Start at the venue: the time of day as sent, on event_date; null when either is unknown';
COMMENT ON COLUMN tickit.v_sales.days_before_event
IS 'Days from the sale to the event';
COMMENT ON COLUMN tickit.v_sales.category_group
IS 'Sports, Shows or Concerts';
COMMENT ON COLUMN tickit.v_sales.category_name
IS 'Short name of the category';
COMMENT ON COLUMN tickit.v_sales.venue_id
IS 'Number of the venue that the event names, known or not; null when it names none';
COMMENT ON COLUMN tickit.v_sales.venue_name
IS 'Name of the venue; not unique';
COMMENT ON COLUMN tickit.v_sales.venue_city
IS 'City of the venue';
COMMENT ON COLUMN tickit.v_sales.venue_state
IS 'State or province of the venue';
COMMENT ON COLUMN tickit.v_sales.venue_country
IS 'Country of the venue, ISO 3166-1 alpha-2';
COMMENT ON COLUMN tickit.v_sales.venue_seats
IS 'Seats of the venue; null when unknown';
COMMENT ON COLUMN tickit.v_sales.seller_id
IS 'Number of the seller, known or not';
COMMENT ON COLUMN tickit.v_sales.seller_city
IS 'City of the seller; does not match the state';
COMMENT ON COLUMN tickit.v_sales.seller_state
IS 'State or province of the seller';
COMMENT ON COLUMN tickit.v_sales.buyer_id
IS 'Number of the buyer, known or not';
COMMENT ON COLUMN tickit.v_sales.buyer_city
IS 'City of the buyer; does not match the state';
COMMENT ON COLUMN tickit.v_sales.buyer_state
IS 'State or province of the buyer';
