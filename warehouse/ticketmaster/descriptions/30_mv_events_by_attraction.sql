-- What a data product and its columns mean, for BI tools.
-- Written from ../products/30_mv_events_by_attraction.sql by infra.checks.dictionary: do not edit.
COMMENT ON VIEW ticketmaster.mv_events_by_attraction
IS 'Who plays how often, where and when? An event with several attractions counts for each of them, but once for all that are unknown. Withdrawn events are left out: a later day, before their own, should have shown them and did not. Of cancelled ones there is the count alone.';
COMMENT ON COLUMN ticketmaster.mv_events_by_attraction.attraction_id
IS 'Id at the source, the same in all versions';
COMMENT ON COLUMN ticketmaster.mv_events_by_attraction.attraction_name
IS 'Name as sent; not unique';
COMMENT ON COLUMN ticketmaster.mv_events_by_attraction.segment_name
IS 'Segment of the primary classification, such as Music; names are those of the classification tree';
COMMENT ON COLUMN ticketmaster.mv_events_by_attraction.genre_name
IS 'Genre of the primary classification, such as Rock';
COMMENT ON COLUMN ticketmaster.mv_events_by_attraction.events
IS 'Shows that are on: not cancelled';
COMMENT ON COLUMN ticketmaster.mv_events_by_attraction.headlined_events
IS 'Those of them whose main attraction it is';
COMMENT ON COLUMN ticketmaster.mv_events_by_attraction.venues
IS 'Different venues of the shows that are on';
COMMENT ON COLUMN ticketmaster.mv_events_by_attraction.first_start_date
IS 'Day of the first show that is on, at the venue';
COMMENT ON COLUMN ticketmaster.mv_events_by_attraction.last_start_date
IS 'Day of the last show that is on, at the venue';
COMMENT ON COLUMN ticketmaster.mv_events_by_attraction.cancelled_events
IS 'Shows that were cancelled';
