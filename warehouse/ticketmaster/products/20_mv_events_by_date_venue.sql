-- How many shows are on at a venue on a day? The name of the venue is the current one.
-- Withdrawn events are excluded: a later day, before their own, should have shown them and did not. Cancelled shows are
-- counted separately.
-- Refreshed after each publication (AUTO REFRESH NO), so that all products show the same run.
-- weekday_label: Weekday that sorts by the week, such as 5 Friday
-- venue_label: Name and city of the venue
-- events: Shows that are on, so not cancelled
-- cancelled_events: Cancelled shows
-- priced_events: Shows with a lowest price
CREATE MATERIALIZED VIEW ticketmaster.mv_events_by_date_venue
BACKUP NO
DISTSTYLE KEY
DISTKEY (venue_id)
SORTKEY (start_date_key)
AUTO REFRESH NO
AS
SELECT
    f.start_date_key,
    f.start_date,
    v.venue_id,
    v.name AS venue_name,
    v.city,
    v.state_code,
    v.country_code,
    SUM(CASE WHEN {{ is_cancelled("f") }} THEN 0 ELSE 1 END) AS events,
    SUM(CASE WHEN {{ is_cancelled("f") }} THEN 1 ELSE 0 END) AS cancelled_events,
    SUM(CASE WHEN f.price_min IS NOT NULL THEN 1 ELSE 0 END) AS priced_events,
    {{ venue_label("v", 5000) }} AS venue_label,
    d.weekday_sort,
    {{ weekday_label("d") }} AS weekday_label
FROM ticketmaster.fact_events AS f
INNER JOIN ticketmaster.dim_venue AS seen ON f.venue_sk = seen.venue_sk
INNER JOIN ticketmaster.dim_venue AS v ON seen.venue_id = v.venue_id AND v.is_current
INNER JOIN common.dim_date AS d ON f.start_date_key = d.date_key
WHERE
    {{ is_on("f") }}
GROUP BY
    f.start_date_key, f.start_date, v.venue_id, v.name, v.city, v.state_code, v.country_code, d.weekday_sort, d.weekday;
