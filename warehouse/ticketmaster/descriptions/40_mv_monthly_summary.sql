-- What a data product and its columns mean, for BI tools.
-- Written from ../products/40_mv_monthly_summary.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW ticketmaster.mv_monthly_summary
IS 'How many shows a month, by country and segment? Withdrawn events are left out: a later day, before their own, should have shown them and did not. Cancelled ones are counted apart.';
COMMENT ON COLUMN ticketmaster.mv_monthly_summary.year_month
IS 'Month as YYYY-MM; Unknown for an unknown date';
COMMENT ON COLUMN ticketmaster.mv_monthly_summary.country_code
IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN ticketmaster.mv_monthly_summary.segment_name
IS 'Segment, such as Music, Sports, Arts & Theatre';
COMMENT ON COLUMN ticketmaster.mv_monthly_summary.events
IS 'Shows that are on: not cancelled';
COMMENT ON COLUMN ticketmaster.mv_monthly_summary.venues
IS 'Different venues of the shows that are on';
COMMENT ON COLUMN ticketmaster.mv_monthly_summary.attractions
IS 'Different main attractions of the shows that are on';
COMMENT ON COLUMN ticketmaster.mv_monthly_summary.cancelled_events
IS 'Shows that were cancelled';
COMMENT ON COLUMN ticketmaster.mv_monthly_summary.moved_events
IS 'Shows that were postponed or rescheduled';
