-- One row per event with names instead of keys: for browsing, and as a start for queries.
-- An event is withdrawn if a later day, before the event's own, should have shown it and did not. On its own day an
-- event may have started and be off sale. An event that moved beyond the observed days is not withdrawn.
-- venue_name: Name of the venue when the event was last seen
-- attraction_name: Name of the main attraction
-- market_name: Name of the market
-- is_on: Whether the event is a show that is on: not a test, not withdrawn, not cancelled
-- is_cancelled: Whether the event is cancelled
-- is_weekend: Whether its local day is a Saturday or a Sunday
-- weekday_label: Weekday that sorts by the week, such as 5 Friday; null without a date
-- venue_label: Name and city of the venue when the event was last seen
-- segment_id: Id of the segment; - if it is unknown
-- genre_id: Id of the genre; - if it is unknown
-- subgenre_id: Id of the subgenre; - if it is unknown
-- is_withdrawn: Whether a later day, before the event's own, should have shown it and did not
CREATE VIEW ticketmaster.v_events AS
SELECT
    f.event_id,
    f.name,
    f.status,
    f.start_date,
    f.start_local_at,
    f.start_at,
    d.year_month,
    f.local_hour,
    f.local_weekday,
    f.weekday_sort,
    v.venue_id,
    v.name AS venue_name,
    v.city,
    v.state_code,
    v.country_code,
    a.attraction_id,
    a.name AS attraction_name,
    c.segment_name,
    c.genre_name,
    c.subgenre_name,
    m.name AS market_name,
    f.price_min,
    f.price_max,
    f.price_currency,
    f.price_type,
    f.is_show,
    f.inventory_kind,
    f.show_of,
    f.is_test,
    f.first_seen_on,
    f.last_seen_on,
    f.withdrawn_on IS NOT NULL AS is_withdrawn,
    f.withdrawn_on,
    f.url,
    COALESCE(
        {{ is_on("f") | indent(4) }}
        AND NOT {{ is_cancelled("f") }}, FALSE
    ) AS is_on,
    {{ is_cancelled("f") }} AS is_cancelled,
    {{ is_weekend("f") }} AS is_weekend,
    {{ weekday_label("f", "local_weekday") }} AS weekday_label,
    {{ venue_label("v", 5000) }} AS venue_label,
    {{ key_or_unknown("c.segment_id") }} AS segment_id,
    {{ key_or_unknown("c.genre_id") }} AS genre_id,
    {{ key_or_unknown("c.subgenre_id") }} AS subgenre_id,
    m.market_id
FROM ticketmaster.fact_events AS f
INNER JOIN common.dim_date AS d ON f.start_date_key = d.date_key
INNER JOIN ticketmaster.dim_venue AS v ON f.venue_sk = v.venue_sk
INNER JOIN ticketmaster.dim_attraction AS a ON f.attraction_sk = a.attraction_sk
INNER JOIN ticketmaster.dim_classification AS c ON f.classification_sk = c.classification_sk
INNER JOIN ticketmaster.dim_market AS m ON f.market_sk = m.market_sk;
