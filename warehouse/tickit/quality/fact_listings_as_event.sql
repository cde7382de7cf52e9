-- name: fact_listings_as_event
-- severity: CRITICAL
-- table: tickit.fact_listings
-- phase: star
-- description: A listing has the venue, the category and the day of its event, also when only the event changed.
SELECT
    SUM(
        CASE
            WHEN
                COALESCE(f.venue_id, -99999) <> COALESCE(e.venue_id, -99999)
                OR f.category_sk <> COALESCE(c.category_sk, 0)
                OR f.event_date_key <> e.event_date_key
                THEN 1
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM tickit.fact_listings AS f
LEFT JOIN tickit.dim_event AS e ON f.event_sk + 0 = e.event_sk
LEFT JOIN tickit.dim_category AS c ON e.category_id = c.category_id
