-- How many shows a month, by country and segment?
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
    COUNT(*) AS events,
    COUNT(DISTINCT f.venue_id) AS venues,
    COUNT(DISTINCT f.attraction_id) AS attractions,
    SUM(CASE WHEN f.status = 'cancelled' THEN 1 ELSE 0 END) AS cancelled_events,
    SUM(CASE WHEN f.status IN ('postponed', 'rescheduled') THEN 1 ELSE 0 END) AS moved_events
FROM ticketmaster.fact_events AS f
INNER JOIN common.dim_date AS d ON f.start_date_key = d.date_key
INNER JOIN ticketmaster.dim_venue AS v ON f.venue_sk = v.venue_sk
INNER JOIN ticketmaster.dim_classification AS c ON f.classification_sk = c.classification_sk
WHERE f.is_show AND NOT f.is_test
GROUP BY d.year_month, v.country_code, c.segment_name;
