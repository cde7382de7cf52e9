-- At which local hour and weekday do shows start? One row for every hour of every weekday, with 0 if no show starts then.
-- Shows with an unknown time, cancelled shows and withdrawn ones are excluded. A show is withdrawn if a later day, before
-- its own, should have shown it and did not.
-- weekday_sort: 1 for Monday to 7 for Sunday
-- local_weekday: Name of the local weekday
-- local_hour: Hour of the local start, 0 to 23
-- events: Shows that are on
-- weekday_label: Weekday that sorts by the week, such as 5 Friday
CREATE MATERIALIZED VIEW ticketmaster.mv_events_by_hour_weekday
BACKUP NO
DISTSTYLE ALL
SORTKEY (weekday_sort, local_hour)
AUTO REFRESH NO
AS
SELECT
    d.weekday_sort,
    d.weekday AS local_weekday,
    h.n AS local_hour,
    COALESCE(starts.events, 0) AS events,
    {{ weekday_label("d") }} AS weekday_label
FROM common.dim_date AS d
INNER JOIN common.numbers AS h ON h.n < 24
LEFT JOIN (
    SELECT
        f.weekday_sort,
        f.local_hour,
        COUNT(*) AS events
    FROM ticketmaster.fact_events AS f
    WHERE
        {{ is_on("f") | indent(4) }}
        AND NOT {{ is_cancelled("f") }}
        AND f.local_hour IS NOT NULL
    GROUP BY f.weekday_sort, f.local_hour
) AS starts ON d.weekday_sort = starts.weekday_sort AND h.n = starts.local_hour
-- Any week has the seven weekdays.
WHERE d.date >= CAST('2024-01-01' AS DATE) AND d.date < CAST('2024-01-08' AS DATE);
