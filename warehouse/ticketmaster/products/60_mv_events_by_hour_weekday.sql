-- At what local hour of which weekday do shows start? Unknown times are left out; so are cancelled events and withdrawn
-- ones: a later day, before their own, did not show them.
-- events: Shows that are on
CREATE MATERIALIZED VIEW ticketmaster.mv_events_by_hour_weekday
BACKUP NO
DISTSTYLE ALL
SORTKEY (weekday_sort, local_hour)
AUTO REFRESH NO
AS
SELECT
    f.weekday_sort,
    f.local_weekday,
    f.local_hour,
    COUNT(*) AS events
FROM ticketmaster.fact_events AS f
LEFT JOIN (
    SELECT
        observed_on,
        LEAD(observed_on) OVER (ORDER BY observed_on) AS next_observed_on
    FROM (
        SELECT DISTINCT business_date AS observed_on
        FROM etl.runs
        WHERE pipeline = 'ticketmaster_daily' AND published_at IS NOT NULL
    ) AS observed
) AS days ON f.last_seen_on = days.observed_on
WHERE
    f.is_show
    AND NOT f.is_test
    AND (days.next_observed_on IS NULL OR days.next_observed_on >= f.start_date)
    AND COALESCE(f.status, '') <> 'cancelled'
    AND f.local_hour IS NOT NULL
GROUP BY f.weekday_sort, f.local_weekday, f.local_hour;
