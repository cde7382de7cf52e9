-- What the columns of the facts mean, for the data dictionary and for BI tools.

COMMENT ON SCHEMA tickit IS 'The TICKIT marketplace: tickets listed and sold, by and to whom';

COMMENT ON TABLE tickit.fact_sales IS 'One row per sale: tickets of one listing, sold to one buyer at once';
COMMENT ON COLUMN tickit.fact_sales.sale_id IS 'Number of the sale at the source; there are gaps';
COMMENT ON COLUMN tickit.fact_sales.listing_id IS 'Listing that the tickets are of, as in fact_listings';
COMMENT ON COLUMN tickit.fact_sales.event_sk IS 'The event; 0 when it is unknown';
COMMENT ON COLUMN tickit.fact_sales.venue_sk
IS 'Venue of the event; 0 when it is unknown: 139 events are at venues that the source lacks';
COMMENT ON COLUMN tickit.fact_sales.category_sk IS 'Category of the event; 0 when it is unknown';
COMMENT ON COLUMN tickit.fact_sales.seller_sk IS 'User who sold; 0 when unknown';
COMMENT ON COLUMN tickit.fact_sales.buyer_sk IS 'User who bought; 0 when unknown';
COMMENT ON COLUMN tickit.fact_sales.sale_date_key
IS 'Day of the sale, YYYYMMDD; 0 when the source''s number of the day is unknown';
COMMENT ON COLUMN tickit.fact_sales.event_date_key IS 'Day of the event at the venue, YYYYMMDD; 0 when it is unknown';
COMMENT ON COLUMN tickit.fact_sales.event_id IS 'Number of the event, known or not';
COMMENT ON COLUMN tickit.fact_sales.venue_id
IS 'Number of the venue that the event names, known or not; null when it names none';
COMMENT ON COLUMN tickit.fact_sales.seller_id IS 'Number of the seller, known or not';
COMMENT ON COLUMN tickit.fact_sales.buyer_id IS 'Number of the buyer, known or not';
COMMENT ON COLUMN tickit.fact_sales.quantity_sold IS 'Tickets sold';
COMMENT ON COLUMN tickit.fact_sales.price_paid
IS 'Paid for all of these tickets together, US dollars: sums of it are revenue';
COMMENT ON COLUMN tickit.fact_sales.commission IS 'The marketplace''s share of price_paid (15 %), US dollars, as sent';
COMMENT ON COLUMN tickit.fact_sales.sold_at
IS 'When they were sold, by the marketplace''s clock, whose zone is not known: taken as UTC';
COMMENT ON COLUMN tickit.fact_sales.row_hash
IS 'SHA-256 over the columns from the source; differs when the source changed anything';
COMMENT ON COLUMN tickit.fact_sales.run_id IS 'Run that wrote the row last, as in etl.runs';

COMMENT ON TABLE tickit.fact_listings IS 'One row per listing: tickets for one event that a seller offers together';
COMMENT ON COLUMN tickit.fact_listings.listing_id IS 'Number of the listing at the source; there are gaps';
COMMENT ON COLUMN tickit.fact_listings.event_sk IS 'The event; 0 when it is unknown';
COMMENT ON COLUMN tickit.fact_listings.venue_sk
IS 'Venue of the event; 0 when it is unknown: 139 events are at venues that the source lacks';
COMMENT ON COLUMN tickit.fact_listings.category_sk IS 'Category of the event; 0 when it is unknown';
COMMENT ON COLUMN tickit.fact_listings.seller_sk IS 'User who sells; 0 when unknown';
COMMENT ON COLUMN tickit.fact_listings.listing_date_key
IS 'Day on which it was listed, YYYYMMDD; 0 when the source''s number of the day is unknown';
COMMENT ON COLUMN tickit.fact_listings.event_date_key
IS 'Day of the event at the venue, YYYYMMDD; 0 when it is unknown';
COMMENT ON COLUMN tickit.fact_listings.event_id IS 'Number of the event, known or not';
COMMENT ON COLUMN tickit.fact_listings.venue_id
IS 'Number of the venue that the event names, known or not; null when it names none';
COMMENT ON COLUMN tickit.fact_listings.seller_id IS 'Number of the seller, known or not';
COMMENT ON COLUMN tickit.fact_listings.ticket_count IS 'Tickets offered';
COMMENT ON COLUMN tickit.fact_listings.price_per_ticket IS 'Asked for one ticket, US dollars';
COMMENT ON COLUMN tickit.fact_listings.total_price IS 'Asked for all tickets together, US dollars, as sent';
COMMENT ON COLUMN tickit.fact_listings.listed_at
IS 'When it was listed, by the marketplace''s clock, whose zone is not known: taken as UTC';
COMMENT ON COLUMN tickit.fact_listings.row_hash
IS 'SHA-256 over the columns from the source; differs when the source changed anything';
COMMENT ON COLUMN tickit.fact_listings.run_id IS 'Run that wrote the row last, as in etl.runs';
