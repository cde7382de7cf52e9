-- What a data product and its columns mean, for BI tools.
-- Written from ../products/20_mv_events_by_date_venue.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW ticketmaster.mv_events_by_date_venue
IS 'How many shows are on at a venue on a day? The venue is named as it is now. Withdrawn events are left out: a later day, before their own, should have shown them and did not. Cancelled ones are counted apart. Refreshed after each publication (AUTO REFRESH NO), so that all products show the same run.';
COMMENT ON COLUMN ticketmaster.mv_events_by_date_venue.start_date_key
IS 'Day of the start at the venue, YYYYMMDD; 0 when it is not announced or outside of 2000 to 2050';
COMMENT ON COLUMN ticketmaster.mv_events_by_date_venue.start_date
IS 'Day of the start at the venue; null while it is to be announced';
COMMENT ON COLUMN ticketmaster.mv_events_by_date_venue.venue_id
IS 'Id at the source, the same in all versions; the same place may have several';
COMMENT ON COLUMN ticketmaster.mv_events_by_date_venue.venue_name
IS 'Name as sent';
COMMENT ON COLUMN ticketmaster.mv_events_by_date_venue.city
IS 'City';
COMMENT ON COLUMN ticketmaster.mv_events_by_date_venue.state_code
IS 'State or province: United States, Canada, Mexico and Australia only';
COMMENT ON COLUMN ticketmaster.mv_events_by_date_venue.country_code
IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN ticketmaster.mv_events_by_date_venue.events
IS 'Shows that are on: not cancelled';
COMMENT ON COLUMN ticketmaster.mv_events_by_date_venue.cancelled_events
IS 'Shows that were cancelled';
COMMENT ON COLUMN ticketmaster.mv_events_by_date_venue.priced_events
IS 'Shows with a lowest price';
