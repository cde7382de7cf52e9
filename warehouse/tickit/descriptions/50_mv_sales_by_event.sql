-- What a data product and its columns mean, for BI tools.
-- Written from ../products/50_mv_sales_by_event.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW tickit.mv_sales_by_event
IS 'What did each event bring? One row per event that has a sale; the sums are the facts'' totals. Sales of an event at an unknown venue stay, with the number of the venue; those of an unknown event stay with the number of the event. Events without a sale are in mv_listing_sell_through, as far as tickets were offered. Money is in US dollars.';
COMMENT ON COLUMN tickit.mv_sales_by_event.event_id
IS 'Number of the event, known or not';
COMMENT ON COLUMN tickit.mv_sales_by_event.event_name
IS 'Name of the event as sent';
COMMENT ON COLUMN tickit.mv_sales_by_event.event_date
IS 'Day of the event at the venue: the true one, which the source gives by number; null when it is unknown';
COMMENT ON COLUMN tickit.mv_sales_by_event.category_group
IS 'Sports, Shows or Concerts';
COMMENT ON COLUMN tickit.mv_sales_by_event.category_name
IS 'Short name of the category';
COMMENT ON COLUMN tickit.mv_sales_by_event.venue_id
IS 'Number of the venue that the event names, known or not; null when it names none';
COMMENT ON COLUMN tickit.mv_sales_by_event.venue_name
IS 'Name of the venue; not unique';
COMMENT ON COLUMN tickit.mv_sales_by_event.city
IS 'City';
COMMENT ON COLUMN tickit.mv_sales_by_event.state
IS 'State or province, postal code';
COMMENT ON COLUMN tickit.mv_sales_by_event.country
IS 'ISO 3166-1 alpha-2, told by the state: CA for provinces, else US';
COMMENT ON COLUMN tickit.mv_sales_by_event.sales
IS 'Sales';
COMMENT ON COLUMN tickit.mv_sales_by_event.tickets
IS 'Tickets sold';
COMMENT ON COLUMN tickit.mv_sales_by_event.revenue
IS 'Price paid for them';
COMMENT ON COLUMN tickit.mv_sales_by_event.commission
IS 'The marketplace''s share of it';
COMMENT ON COLUMN tickit.mv_sales_by_event.average_price
IS 'Price paid for a ticket, on average';
