-- How many shows are on, on each of the 30 days from the run date? One row per local day, with 0 if no show is on.
-- The shows are those of mv_upcoming_shows. Their 30 days are in UTC, so a local day before or after is included if it
-- has such a show. Shows at unknown venues are included, as in mv_upcoming_shows.
-- start_date: Local day of the shows; null if it is unknown
-- start_date_key: The day in common.dim_date, YYYYMMDD; 0 if it is unknown
-- local_weekday: Name of the local weekday
-- weekday_label: Weekday that sorts by the week, such as 5 Friday
-- is_weekend: Whether the day is a Saturday or a Sunday
-- events: Shows that are on, so not cancelled
-- venues: Number of different venues of the shows that are on
-- cancelled_events: Cancelled shows
-- run_date: Latest published business date: the first of the 30 days
CREATE MATERIALIZED VIEW ticketmaster.mv_events_by_day
BACKUP NO
DISTSTYLE ALL
SORTKEY (start_date)
AUTO REFRESH NO
AS
SELECT
    d.date AS start_date,
    d.date_key AS start_date_key,
    d.weekday_sort,
    d.weekday AS local_weekday,
    {{ weekday_label("d") }} AS weekday_label,
    d.is_weekend,
    COALESCE(shows.events, 0) AS events,
    COALESCE(shows.venues, 0) AS venues,
    COALESCE(shows.cancelled_events, 0) AS cancelled_events,
    r.run_date
FROM common.dim_date AS d
INNER JOIN etl.run_dates AS r ON r.pipeline = 'ticketmaster_daily'
LEFT JOIN (
    SELECT
        f.start_date_key,
        SUM(CASE WHEN {{ is_cancelled("f") }} THEN 0 ELSE 1 END) AS events,
        COUNT(DISTINCT CASE WHEN NOT {{ is_cancelled("f") }} THEN f.venue_id END) AS venues,
        SUM(CASE WHEN {{ is_cancelled("f") }} THEN 1 ELSE 0 END) AS cancelled_events
    FROM ticketmaster.fact_events AS f
    INNER JOIN etl.run_dates AS today ON today.pipeline = 'ticketmaster_daily' AND f.last_seen_on = today.run_date
    WHERE
        {{ is_on("f") | indent(4) }}
        AND {{ is_upcoming("f", "today.run_date") | indent(4) }}
    GROUP BY f.start_date_key
) AS shows ON d.date_key = shows.start_date_key
WHERE
    (d.date >= r.run_date AND d.date < DATEADD(DAY, 30, r.run_date))
    OR shows.start_date_key IS NOT NULL;
