-- How many shows are there per month, by country and segment?
-- Withdrawn events are excluded: a later day, before their own, should have shown them and did not. Cancelled shows are
-- counted separately.
-- segment_id: Id of the segment; - if it is unknown
-- events: Shows that are on, so not cancelled
-- venues: Number of different venues of the shows that are on
-- attractions: Number of different main attractions of the shows that are on
-- cancelled_events: Cancelled shows
-- moved_events: Postponed or rescheduled shows
CREATE MATERIALIZED VIEW ticketmaster.mv_monthly_summary
BACKUP NO
DISTSTYLE ALL
SORTKEY (year_month)
AUTO REFRESH NO
AS
SELECT
    d.year_month,
    v.country_code,
    c.segment_name,
    SUM(CASE WHEN {{ is_cancelled("f") }} THEN 0 ELSE 1 END) AS events,
    COUNT(DISTINCT CASE WHEN NOT {{ is_cancelled("f") }} THEN f.venue_id END) AS venues,
    COUNT(DISTINCT CASE WHEN NOT {{ is_cancelled("f") }} THEN f.attraction_id END) AS attractions,
    SUM(CASE WHEN {{ is_cancelled("f") }} THEN 1 ELSE 0 END) AS cancelled_events,
    SUM(CASE WHEN f.status IN ('postponed', 'rescheduled') THEN 1 ELSE 0 END) AS moved_events,
    {{ key_or_unknown("c.segment_id") }} AS segment_id
FROM ticketmaster.fact_events AS f
INNER JOIN common.dim_date AS d ON f.start_date_key = d.date_key
INNER JOIN ticketmaster.dim_venue AS v ON f.venue_sk = v.venue_sk
INNER JOIN ticketmaster.dim_classification AS c ON f.classification_sk = c.classification_sk
WHERE
    {{ is_on("f") }}
GROUP BY d.year_month, v.country_code, c.segment_name, c.segment_id;
