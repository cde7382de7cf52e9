-- What a data product and its columns mean, for BI tools.
-- Written from ../products/10_v_events.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW ticketmaster.v_events
IS 'One row per event with names instead of keys: to look at, and to start a question from. Withdrawn is an event that a later day, before the event''s own, should have shown and did not. On its own day an event may have begun, and be off sale; one that moved beyond the days that are observed is not withdrawn.';
COMMENT ON COLUMN ticketmaster.v_events.event_id
IS 'Id of the event at the source; case sensitive';
COMMENT ON COLUMN ticketmaster.v_events.name
IS 'Name as the source sends it';
COMMENT ON COLUMN ticketmaster.v_events.status
IS 'onsale, offsale, cancelled, postponed or rescheduled; anything else as sent, in lower case';
COMMENT ON COLUMN ticketmaster.v_events.start_date
IS 'Day of the start at the venue; null while it is to be announced';
COMMENT ON COLUMN ticketmaster.v_events.start_local_at
IS 'Start in the time zone of the venue; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.v_events.start_at
IS 'Start, UTC; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.v_events.year_month
IS 'Month as YYYY-MM; Unknown for an unknown date';
COMMENT ON COLUMN ticketmaster.v_events.local_hour
IS 'Hour of the local start, 0 to 23; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.v_events.local_weekday
IS 'Weekday of the local start, such as Friday';
COMMENT ON COLUMN ticketmaster.v_events.weekday_sort
IS 'Weekday as a number to sort by: 1 is Monday, 7 is Sunday';
COMMENT ON COLUMN ticketmaster.v_events.venue_id
IS 'Id at the source, the same in all versions; the same place may have several';
COMMENT ON COLUMN ticketmaster.v_events.venue_name
IS 'Name of the venue, as when the event was last seen';
COMMENT ON COLUMN ticketmaster.v_events.city
IS 'City';
COMMENT ON COLUMN ticketmaster.v_events.state_code
IS 'State or province: United States, Canada, Mexico and Australia only';
COMMENT ON COLUMN ticketmaster.v_events.country_code
IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN ticketmaster.v_events.attraction_id
IS 'Id at the source, the same in all versions';
COMMENT ON COLUMN ticketmaster.v_events.attraction_name
IS 'Name of the main attraction';
COMMENT ON COLUMN ticketmaster.v_events.segment_name
IS 'Segment, such as Music, Sports, Arts & Theatre';
COMMENT ON COLUMN ticketmaster.v_events.genre_name
IS 'Genre, such as Rock';
COMMENT ON COLUMN ticketmaster.v_events.subgenre_name
IS 'Subgenre, such as Alternative Rock';
COMMENT ON COLUMN ticketmaster.v_events.market_name
IS 'Name of the market';
COMMENT ON COLUMN ticketmaster.v_events.price_min
IS 'Lowest price of price_type, in price_currency; rarely sent';
COMMENT ON COLUMN ticketmaster.v_events.price_max
IS 'Highest price of price_type, in price_currency; rarely sent';
COMMENT ON COLUMN ticketmaster.v_events.price_currency
IS 'ISO 4217 code of both prices; ranges in other currencies are left out';
COMMENT ON COLUMN ticketmaster.v_events.price_type
IS 'Type of both prices: standard (face value), else the first sent; ranges of other types are left out';
COMMENT ON COLUMN ticketmaster.v_events.is_show
IS 'The event stands for a show: true for one event of each show, false for its other listings and for what is no show';
COMMENT ON COLUMN ticketmaster.v_events.inventory_kind
IS 'What it is: show, duplicate_listing, suite, parking, pass and so on, as inventory.py of the contracts lists them';
COMMENT ON COLUMN ticketmaster.v_events.show_of
IS 'Id of the event that stands for the show: its own for a show; null when the event belongs to no known show';
COMMENT ON COLUMN ticketmaster.v_events.is_test
IS 'Marked as a test by the source: leave it out';
COMMENT ON COLUMN ticketmaster.v_events.first_seen_on
IS 'First day (UTC business date) on which the source showed the event';
COMMENT ON COLUMN ticketmaster.v_events.last_seen_on
IS 'Last day (UTC business date) on which the source showed the event';
COMMENT ON COLUMN ticketmaster.v_events.is_withdrawn
IS 'A later day, before the event''s own, should have shown it and did not';
COMMENT ON COLUMN ticketmaster.v_events.withdrawn_on
IS 'First later day, before its own, that should have shown the event and did not; null when there is none';
COMMENT ON COLUMN ticketmaster.v_events.url
IS 'Page where tickets are sold';
