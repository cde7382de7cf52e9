-- At what local hour of which weekday do shows start? Unknown times are left out; so are cancelled events and withdrawn
-- ones: a later day, before their own, should have shown them and did not.
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
WHERE
    {{ is_on("f") }}
    AND COALESCE(f.status, '') <> 'cancelled'
    AND f.local_hour IS NOT NULL
GROUP BY f.weekday_sort, f.local_weekday, f.local_hour;
