-- Which venues are busiest in the 30 days from the run date? For account managers.
-- Ranked by shows that are on: not cancelled, and still seen on the run date. A venue is included with 0 if all of its
-- shows are cancelled, or if only the previous observed day had any. Shows at unknown venues are excluded.
-- The 30 days are those that a run observes, in UTC, so a show on the evening before, local time, may be included.
-- The run date comes from a table, not from GETDATE(), so that a refresh gives the same result at any time.
-- The previous observed day is compared as its own run saw it: with the 30 days from that day on. The changes of all
-- venues add up to the change of the total.
-- venue_rank: 1 for the busiest; venues with the same number of shows share a rank
-- upcoming_events: Shows that are on, in the 30 days from the run date
-- event_days: Number of different local days with such a show
-- next_event_date: Local day of the next such show
-- cancelled_events: Cancelled shows of those days
-- run_date: Latest published business date: the first of the 30 days
-- venue_label: Name and city of the venue
-- weekend_share: Share of such shows on a Saturday or a Sunday, 0 to 1; null without a show
-- previous_upcoming_events: Shows that were on, in the 30 days from the previous observed day; null if there is none
-- upcoming_events_change: Shows that are on, minus those of the previous observed day; null if there is none
CREATE MATERIALIZED VIEW ticketmaster.mv_venue_activity
BACKUP NO
DISTSTYLE ALL
SORTKEY (venue_rank)
AUTO REFRESH NO
AS
SELECT
    RANK() OVER (ORDER BY upcoming_events DESC) AS venue_rank,
    venue_id,
    venue_name,
    city,
    state_code,
    country_code,
    upcoming_events,
    event_days,
    next_event_date,
    cancelled_events,
    run_date,
    venue_label,
    CAST(CAST(weekend_events AS DECIMAL(18, 4)) / NULLIF(upcoming_events, 0) AS DECIMAL(5, 4)) AS weekend_share,
    CASE WHEN observed_days > 1 THEN previous_events END AS previous_upcoming_events,
    CASE WHEN observed_days > 1 THEN upcoming_events - previous_events END AS upcoming_events_change
FROM (
    SELECT
        v.venue_id,
        v.name AS venue_name,
        v.city,
        v.state_code,
        v.country_code,
        {{ venue_label("v", 5000) }} AS venue_label,
        days.run_date,
        days.observed_days,
        SUM(CASE WHEN days.age = 1 AND NOT {{ is_cancelled("s") }} THEN 1 ELSE 0 END) AS upcoming_events,
        COUNT(DISTINCT CASE WHEN days.age = 1 AND NOT {{ is_cancelled("s") }} THEN s.start_date END) AS event_days,
        MIN(CASE WHEN days.age = 1 AND NOT {{ is_cancelled("s") }} THEN s.start_date END) AS next_event_date,
        SUM(CASE WHEN days.age = 1 AND {{ is_cancelled("s") }} THEN 1 ELSE 0 END) AS cancelled_events,
        SUM(CASE WHEN days.age = 1 AND {{ is_weekend("s") }} AND NOT {{ is_cancelled("s") }} THEN 1 ELSE 0 END)
            AS weekend_events,
        SUM(CASE WHEN days.age = 2 THEN 1 ELSE 0 END) AS previous_events
    FROM ticketmaster.fact_event_snapshots AS s
    INNER JOIN (
        SELECT
            d.observed_on,
            r.run_date,
            ROW_NUMBER() OVER (ORDER BY d.observed_on DESC) AS age,
            COUNT(*) OVER () AS observed_days
        FROM ticketmaster.observed_days AS d
        INNER JOIN etl.run_dates AS r ON r.pipeline = 'ticketmaster_daily' AND d.observed_on <= r.run_date
    ) AS days ON s.observed_on = days.observed_on
    INNER JOIN ticketmaster.dim_venue AS seen ON s.venue_sk = seen.venue_sk
    INNER JOIN ticketmaster.dim_venue AS v ON seen.venue_id = v.venue_id AND v.is_current
    WHERE
        {{ was_on("s") | indent(4) }}
        AND {{ is_upcoming("s", "s.observed_on") | indent(4) }}
        AND v.venue_sk <> 0
        AND (days.age = 1 OR (days.age = 2 AND NOT {{ is_cancelled("s") }}))
    GROUP BY v.venue_id, v.name, v.city, v.state_code, v.country_code, days.run_date, days.observed_days
) AS busy;
