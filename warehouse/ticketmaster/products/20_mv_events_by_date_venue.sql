-- How many shows are on at a venue on a day? The venue is named as it is now.
-- Withdrawn events are left out: a later day, before their own, should have shown them and did not. Cancelled ones
-- are counted apart.
-- Refreshed after each publication (AUTO REFRESH NO), so that all products show the same run.
-- events: Shows that are on: not cancelled
-- cancelled_events: Shows that were cancelled
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
    SUM(CASE WHEN f.status = 'cancelled' THEN 0 ELSE 1 END) AS events,
    SUM(CASE WHEN f.status = 'cancelled' THEN 1 ELSE 0 END) AS cancelled_events,
    SUM(CASE WHEN f.price_min IS NOT NULL THEN 1 ELSE 0 END) AS priced_events
FROM ticketmaster.fact_events AS f
INNER JOIN ticketmaster.dim_venue AS seen ON f.venue_sk = seen.venue_sk
INNER JOIN ticketmaster.dim_venue AS v ON seen.venue_id = v.venue_id AND v.is_current
WHERE
    {{ is_on("f") }}
GROUP BY f.start_date_key, f.start_date, v.venue_id, v.name, v.city, v.state_code, v.country_code;
