-- Which shows are there in the 30 days from the run date, where and when? One row per show, for all filters at once.
-- A show is neither a test nor withdrawn, and was still seen on the run date. Cancelled shows are marked: exclude them
-- (WHERE NOT is_cancelled) to count the shows that are on. A show that is listed several times has one row.
-- The 30 days are those of mv_venue_activity, in UTC, so a show on the evening before, local time, may be included.
-- Shows at unknown venues are included. Names of venues and attractions are the current ones.
-- is_cancelled: Whether the show is cancelled
-- weekday_label: Weekday that sorts by the week, such as 5 Friday
-- is_weekend: Whether the local day is a Saturday or a Sunday
-- venue_name: Name of the venue; not unique
-- venue_label: Name and city of the venue
-- attraction_name: Name of the main attraction
-- segment_id: Id of the segment; - if it is unknown
-- segment_name: Segment, such as Music; Unknown if there is none
-- genre_id: Id of the genre; - if it is unknown
-- genre_name: Genre, such as Rock; Unknown if there is none
-- market_name: Name of the market
-- run_date: Latest published business date: the first of the 30 days
CREATE MATERIALIZED VIEW ticketmaster.mv_upcoming_shows
BACKUP NO
DISTSTYLE KEY
DISTKEY (venue_id)
SORTKEY (start_date)
AUTO REFRESH NO
AS
SELECT
    f.event_id,
    f.name AS event_name,
    f.url,
    f.status,
    {{ is_cancelled("f") }} AS is_cancelled,
    f.start_date_key,
    f.start_date,
    f.start_local_at,
    f.local_hour,
    f.local_weekday,
    f.weekday_sort,
    {{ weekday_label("f", "local_weekday") }} AS weekday_label,
    {{ is_weekend("f") }} AS is_weekend,
    v.venue_id,
    v.name AS venue_name,
    {{ venue_label("v", 5000) }} AS venue_label,
    v.city,
    v.state_code,
    v.country_code,
    a.attraction_id,
    a.name AS attraction_name,
    {{ key_or_unknown("c.segment_id") }} AS segment_id,
    CAST(COALESCE(c.segment_name, 'Unknown') AS VARCHAR(800)) AS segment_name,
    {{ key_or_unknown("c.genre_id") }} AS genre_id,
    CAST(COALESCE(c.genre_name, 'Unknown') AS VARCHAR(800)) AS genre_name,
    m.market_id,
    m.name AS market_name,
    f.price_min,
    f.price_currency,
    r.run_date
FROM ticketmaster.fact_events AS f
INNER JOIN etl.run_dates AS r ON r.pipeline = 'ticketmaster_daily' AND f.last_seen_on = r.run_date
INNER JOIN ticketmaster.dim_venue AS seen ON f.venue_sk = seen.venue_sk
INNER JOIN ticketmaster.dim_venue AS v ON seen.venue_id = v.venue_id AND v.is_current
INNER JOIN ticketmaster.dim_attraction AS billed ON f.attraction_sk = billed.attraction_sk
INNER JOIN ticketmaster.dim_attraction AS a ON billed.attraction_id = a.attraction_id AND a.is_current
INNER JOIN ticketmaster.dim_classification AS c ON f.classification_sk = c.classification_sk
INNER JOIN ticketmaster.dim_market AS m ON f.market_sk = m.market_sk
WHERE
    {{ is_on("f") }}
    AND {{ is_upcoming("f", "r.run_date") }};
