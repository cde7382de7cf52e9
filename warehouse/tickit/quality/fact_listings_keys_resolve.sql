-- name: fact_listings_keys_resolve
-- severity: CRITICAL
-- table: tickit.fact_listings
-- phase: star
-- description: Every key of a listing is that of the member whose number the listing names, and 0 only where there is none; its days are in the calendar.
SELECT
    SUM(
        CASE
            WHEN
                COALESCE(e.event_sk, 0) <> f.event_sk
                OR COALESCE(v.venue_sk, 0) <> f.venue_sk
                OR COALESCE(s.user_sk, 0) <> f.seller_sk
                OR c.category_sk IS NULL
                OR d0.date_key IS NULL
                OR d1.date_key IS NULL
                THEN 1
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM tickit.fact_listings AS f
LEFT JOIN tickit.dim_event AS e ON f.event_id = e.event_id
LEFT JOIN tickit.dim_venue AS v ON f.venue_id = v.venue_id
LEFT JOIN tickit.dim_user AS s ON f.seller_id = s.user_id
LEFT JOIN tickit.dim_category AS c ON f.category_sk + 0 = c.category_sk
LEFT JOIN common.dim_date AS d0 ON f.listing_date_key + 0 = d0.date_key
LEFT JOIN common.dim_date AS d1 ON f.event_date_key + 0 = d1.date_key
