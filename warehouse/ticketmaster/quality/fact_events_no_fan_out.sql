-- name: fact_events_no_fan_out
-- severity: CRITICAL
-- table: ticketmaster.fact_events
-- phase: star
-- description: A join with all dimensions returns one row per event.
SELECT
    ABS(joined.row_count - facts.row_count) AS failed_rows,
    facts.row_count AS total_rows
FROM (
    SELECT COUNT(*) AS row_count FROM ticketmaster.fact_events WHERE last_seen_on BETWEEN v_from AND v_to
) AS facts
CROSS JOIN (
    SELECT COUNT(*) AS row_count
    FROM ticketmaster.fact_events AS f
    INNER JOIN common.dim_date AS d ON f.start_date_key + 0 = d.date_key
    INNER JOIN ticketmaster.dim_venue AS v ON f.venue_sk + 0 = v.venue_sk
    INNER JOIN ticketmaster.dim_attraction AS a ON f.attraction_sk + 0 = a.attraction_sk
    INNER JOIN ticketmaster.dim_classification AS c ON f.classification_sk + 0 = c.classification_sk
    INNER JOIN ticketmaster.dim_market AS m ON f.market_sk + 0 = m.market_sk
    WHERE f.last_seen_on BETWEEN v_from AND v_to
) AS joined
