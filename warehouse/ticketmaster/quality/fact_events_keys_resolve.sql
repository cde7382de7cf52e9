-- name: fact_events_keys_resolve
-- severity: CRITICAL
-- table: ticketmaster.fact_events
-- phase: star
-- description: Every surrogate key of an event is in its dimension.
SELECT
    SUM(
        CASE
            WHEN
                d0.venue_sk IS NULL OR d1.attraction_sk IS NULL OR d2.classification_sk IS NULL OR d3.market_sk IS NULL
                THEN 1
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM ticketmaster.fact_events AS f
LEFT JOIN ticketmaster.dim_venue AS d0 ON f.venue_sk + 0 = d0.venue_sk
LEFT JOIN ticketmaster.dim_attraction AS d1 ON f.attraction_sk + 0 = d1.attraction_sk
LEFT JOIN ticketmaster.dim_classification AS d2 ON f.classification_sk + 0 = d2.classification_sk
LEFT JOIN ticketmaster.dim_market AS d3 ON f.market_sk + 0 = d3.market_sk
WHERE f.last_seen_on BETWEEN v_from AND v_to
