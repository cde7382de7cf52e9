-- Who plays how often, where and when? An event with several attractions counts for each of them, but only once for all
-- its unknown ones.
-- Withdrawn events are excluded: a later day, before their own, should have shown them and did not. Cancelled shows are
-- only counted in cancelled_events.
-- segment_id: Id of the attraction's segment; - if it is unknown
-- genre_id: Id of the attraction's genre; - if it is unknown
-- events: Shows that are on, so not cancelled
-- headlined_events: Shows that are on, with it as the main attraction
-- venues: Number of different venues of the shows that are on
-- first_start_date: Local day of the first show that is on
-- last_start_date: Local day of the last show that is on
-- cancelled_events: Cancelled shows
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
    COUNT(DISTINCT CASE WHEN NOT {{ is_cancelled("f") }} THEN f.event_id END) AS events,
    COUNT(DISTINCT CASE WHEN b.is_primary AND NOT {{ is_cancelled("f") }} THEN f.event_id END)
        AS headlined_events,
    COUNT(DISTINCT CASE WHEN NOT {{ is_cancelled("f") }} THEN f.venue_id END) AS venues,
    MIN(CASE WHEN NOT {{ is_cancelled("f") }} THEN f.start_date END) AS first_start_date,
    MAX(CASE WHEN NOT {{ is_cancelled("f") }} THEN f.start_date END) AS last_start_date,
    COUNT(DISTINCT CASE WHEN {{ is_cancelled("f") }} THEN f.event_id END) AS cancelled_events,
    {{ key_or_unknown("c.segment_id") }} AS segment_id,
    {{ key_or_unknown("c.genre_id") }} AS genre_id
FROM ticketmaster.bridge_event_attraction AS b
INNER JOIN ticketmaster.fact_events AS f ON b.event_id = f.event_id
INNER JOIN ticketmaster.dim_attraction AS seen ON b.attraction_sk = seen.attraction_sk
INNER JOIN ticketmaster.dim_attraction AS a ON seen.attraction_id = a.attraction_id AND a.is_current
LEFT JOIN ticketmaster.dim_classification AS c ON a.classification_id = c.classification_id
WHERE
    {{ is_on("f") }}
GROUP BY a.attraction_id, a.name, a.segment_name, a.genre_name, c.segment_id, c.genre_id;
