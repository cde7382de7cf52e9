-- How many shows a month, by country and segment?
-- Withdrawn events are left out: a later day, before their own, should have shown them and did not. Cancelled ones
-- are counted apart.
-- events: Shows that are on: not cancelled
-- venues: Different venues of the shows that are on
-- attractions: Different main attractions of the shows that are on
-- cancelled_events: Shows that were cancelled
-- moved_events: Shows that were postponed or rescheduled
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
    SUM(CASE WHEN f.status = 'cancelled' THEN 0 ELSE 1 END) AS events,
    COUNT(DISTINCT CASE WHEN COALESCE(f.status, '') <> 'cancelled' THEN f.venue_id END) AS venues,
    COUNT(DISTINCT CASE WHEN COALESCE(f.status, '') <> 'cancelled' THEN f.attraction_id END) AS attractions,
    SUM(CASE WHEN f.status = 'cancelled' THEN 1 ELSE 0 END) AS cancelled_events,
    SUM(CASE WHEN f.status IN ('postponed', 'rescheduled') THEN 1 ELSE 0 END) AS moved_events
FROM ticketmaster.fact_events AS f
INNER JOIN common.dim_date AS d ON f.start_date_key = d.date_key
INNER JOIN ticketmaster.dim_venue AS v ON f.venue_sk = v.venue_sk
INNER JOIN ticketmaster.dim_classification AS c ON f.classification_sk = c.classification_sk
WHERE
    {{ is_on("f") }}
GROUP BY d.year_month, v.country_code, c.segment_name;
