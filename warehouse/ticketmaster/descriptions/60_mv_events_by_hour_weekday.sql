-- What a data product and its columns mean, for BI tools.
-- Written from ../products/60_mv_events_by_hour_weekday.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW ticketmaster.mv_events_by_hour_weekday
IS 'At what local hour of which weekday do shows start? Unknown times are left out; so are cancelled events and withdrawn ones: a later day, before their own, should have shown them and did not.';
COMMENT ON COLUMN ticketmaster.mv_events_by_hour_weekday.weekday_sort
IS 'Weekday as a number to sort by: 1 is Monday, 7 is Sunday';
COMMENT ON COLUMN ticketmaster.mv_events_by_hour_weekday.local_weekday
IS 'Weekday of the local start, such as Friday';
COMMENT ON COLUMN ticketmaster.mv_events_by_hour_weekday.local_hour
IS 'Hour of the local start, 0 to 23; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.mv_events_by_hour_weekday.events
IS 'Shows that are on';
