-- Which venues are busiest in the 30 days from the run date? For account managers.
-- Ranked by events that are on: not cancelled, and still seen on the run date. A venue of which all is cancelled is
-- there with 0.
-- The 30 days are those that a run observes, in UTC: a show of the evening before may be in them.
-- The run date is a table, not GETDATE(): a refresh gives the same answer whenever it runs.
-- venue_rank: 1 for the busiest; venues with as many shows share a rank
-- upcoming_events: Shows that are on, in the 30 days from the run date
-- event_days: Different local days with such a show
-- next_event_date: Local day of the next such show
-- cancelled_events: Shows of those days that were cancelled
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
    run_date
FROM (
    SELECT
        v.venue_id,
        v.name AS venue_name,
        v.city,
        v.state_code,
        v.country_code,
        r.run_date,
        SUM(CASE WHEN f.status = 'cancelled' THEN 0 ELSE 1 END) AS upcoming_events,
        COUNT(DISTINCT CASE WHEN COALESCE(f.status, '') <> 'cancelled' THEN f.start_date END) AS event_days,
        MIN(CASE WHEN COALESCE(f.status, '') <> 'cancelled' THEN f.start_date END) AS next_event_date,
        SUM(CASE WHEN f.status = 'cancelled' THEN 1 ELSE 0 END) AS cancelled_events
    FROM ticketmaster.fact_events AS f
    INNER JOIN ticketmaster.dim_venue AS seen ON f.venue_sk = seen.venue_sk
    INNER JOIN ticketmaster.dim_venue AS v ON seen.venue_id = v.venue_id AND v.is_current
    INNER JOIN etl.run_dates AS r ON r.pipeline = 'ticketmaster_daily'
    WHERE
        {{ is_on("f") | indent(4) }}
        AND v.venue_sk <> 0
        AND f.last_seen_on = r.run_date
        AND COALESCE(f.start_at, CAST(f.start_date AS TIMESTAMP)) >= CAST(r.run_date AS TIMESTAMP)
        AND COALESCE(f.start_at, CAST(f.start_date AS TIMESTAMP)) < DATEADD(DAY, 30, CAST(r.run_date AS TIMESTAMP))
    GROUP BY v.venue_id, v.name, v.city, v.state_code, v.country_code, r.run_date
) AS busy;
