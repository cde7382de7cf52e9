-- What a data product and its columns mean, for BI tools.
-- Written from ../products/50_mv_venue_activity.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW ticketmaster.mv_venue_activity
IS 'Which venues are busiest in the 30 days from the run date? For account managers. Ranked by events that are on: not cancelled, and still seen on the run date. A venue of which all is cancelled is there with 0. The 30 days are those that a run observes, in UTC: a show of the evening before may be in them. The run date is a table, not GETDATE(): a refresh gives the same answer whenever it runs.';
COMMENT ON COLUMN ticketmaster.mv_venue_activity.venue_rank
IS '1 for the busiest; venues with as many shows share a rank';
COMMENT ON COLUMN ticketmaster.mv_venue_activity.venue_id
IS 'Id at the source, the same in all versions; the same place may have several';
COMMENT ON COLUMN ticketmaster.mv_venue_activity.venue_name
IS 'Name as sent';
COMMENT ON COLUMN ticketmaster.mv_venue_activity.city
IS 'City';
COMMENT ON COLUMN ticketmaster.mv_venue_activity.state_code
IS 'State or province: United States, Canada, Mexico and Australia only';
COMMENT ON COLUMN ticketmaster.mv_venue_activity.country_code
IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN ticketmaster.mv_venue_activity.upcoming_events
IS 'Shows that are on, in the 30 days from the run date';
COMMENT ON COLUMN ticketmaster.mv_venue_activity.event_days
IS 'Different local days with such a show';
COMMENT ON COLUMN ticketmaster.mv_venue_activity.next_event_date
IS 'Local day of the next such show';
COMMENT ON COLUMN ticketmaster.mv_venue_activity.cancelled_events
IS 'Shows of those days that were cancelled';
COMMENT ON COLUMN ticketmaster.mv_venue_activity.run_date
IS 'Its latest published business date';
