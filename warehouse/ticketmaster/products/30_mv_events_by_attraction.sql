-- Who plays how often, where and when? An event with several attractions counts for each of them, but once for all that
-- are unknown.
-- Withdrawn events are left out: a later day, before their own, should have shown them and did not. Of
-- cancelled ones there is the count alone.
-- events: Shows that are on: not cancelled
-- headlined_events: Those of them whose main attraction it is
-- venues: Different venues of the shows that are on
-- first_start_date: Day of the first show that is on, at the venue
-- last_start_date: Day of the last show that is on, at the venue
-- cancelled_events: Shows that were cancelled
CREATE MATERIALIZED VIEW ticketmaster.mv_events_by_attraction
BACKUP NO
DISTSTYLE KEY
DISTKEY (attraction_id)
SORTKEY (attraction_id)
AUTO REFRESH NO
AS
SELECT
    a.attraction_id,
    a.name AS attraction_name,
    a.segment_name,
    a.genre_name,
    COUNT(DISTINCT CASE WHEN COALESCE(f.status, '') <> 'cancelled' THEN f.event_id END) AS events,
    COUNT(DISTINCT CASE WHEN b.is_primary AND COALESCE(f.status, '') <> 'cancelled' THEN f.event_id END)
        AS headlined_events,
    COUNT(DISTINCT CASE WHEN COALESCE(f.status, '') <> 'cancelled' THEN f.venue_id END) AS venues,
    MIN(CASE WHEN COALESCE(f.status, '') <> 'cancelled' THEN f.start_date END) AS first_start_date,
    MAX(CASE WHEN COALESCE(f.status, '') <> 'cancelled' THEN f.start_date END) AS last_start_date,
    COUNT(DISTINCT CASE WHEN f.status = 'cancelled' THEN f.event_id END) AS cancelled_events
FROM ticketmaster.bridge_event_attraction AS b
INNER JOIN ticketmaster.fact_events AS f ON b.event_id = f.event_id
INNER JOIN ticketmaster.dim_attraction AS seen ON b.attraction_sk = seen.attraction_sk
INNER JOIN ticketmaster.dim_attraction AS a ON seen.attraction_id = a.attraction_id AND a.is_current
WHERE
    {{ is_on("f") }}
GROUP BY a.attraction_id, a.name, a.segment_name, a.genre_name;
