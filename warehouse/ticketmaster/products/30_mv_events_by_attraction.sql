-- Who plays how often, where and when? An event with several attractions counts for each of them.
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
    COUNT(*) AS events,
    SUM(CASE WHEN b.is_primary THEN 1 ELSE 0 END) AS headlined_events,
    COUNT(DISTINCT f.venue_id) AS venues,
    MIN(f.start_date) AS first_start_date,
    MAX(f.start_date) AS last_start_date
FROM ticketmaster.bridge_event_attraction AS b
INNER JOIN ticketmaster.fact_events AS f ON b.event_id = f.event_id
INNER JOIN ticketmaster.dim_attraction AS seen ON b.attraction_sk = seen.attraction_sk
INNER JOIN ticketmaster.dim_attraction AS a ON seen.attraction_id = a.attraction_id AND a.is_current
WHERE f.is_show AND NOT f.is_test
GROUP BY a.attraction_id, a.name, a.segment_name, a.genre_name;
