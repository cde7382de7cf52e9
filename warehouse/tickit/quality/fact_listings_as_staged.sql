-- name: fact_listings_as_staged
-- severity: CRITICAL
-- table: tickit.fact_listings
-- phase: star
-- description: The listings of the star are those that the run staged: as many, with the same sums of tickets, money and numbers. A day before the newest published leaves the star as it was.
SELECT
    CASE
        WHEN newer.runs > 0 THEN 0
        ELSE
            ABS(f.row_count - s.row_count)
            + CASE
                WHEN
                    f.ticket_count <> s.ticket_count
                    OR f.price_per_ticket <> s.price_per_ticket
                    OR f.total_price <> s.total_price
                    OR f.listing_id <> s.listing_id
                    OR f.event_id <> s.event_id
                    OR f.seller_id <> s.seller_id
                    OR f.listing_date_key <> s.listing_date_key
                    THEN 1
                ELSE 0
            END
    END AS failed_rows,
    s.row_count AS total_rows
FROM (
    SELECT
        COUNT(*) AS row_count,
        COALESCE(SUM(ticket_count), 0) AS ticket_count,
        COALESCE(SUM(price_per_ticket), 0) AS price_per_ticket,
        COALESCE(SUM(total_price), 0) AS total_price,
        COALESCE(SUM(listing_id), 0) AS listing_id,
        COALESCE(SUM(event_id), 0) AS event_id,
        COALESCE(SUM(seller_id), 0) AS seller_id,
        COALESCE(SUM(listing_date_key), 0) AS listing_date_key
    FROM tickit.fact_listings
) AS f
CROSS JOIN (
    SELECT
        COUNT(*) AS row_count,
        COALESCE(SUM(ticket_count), 0) AS ticket_count,
        COALESCE(SUM(price_per_ticket), 0) AS price_per_ticket,
        COALESCE(SUM(total_price), 0) AS total_price,
        COALESCE(SUM(listing_id), 0) AS listing_id,
        COALESCE(SUM(event_id), 0) AS event_id,
        COALESCE(SUM(seller_id), 0) AS seller_id,
        COALESCE(SUM(listing_date_key), 0) AS listing_date_key
    FROM staging.tickit_listings
    WHERE run_id = p_run_id
) AS s
CROSS JOIN (
    SELECT COUNT(*) AS runs FROM etl.runs
    WHERE pipeline = 'tickit_load' AND published_at IS NOT NULL AND business_date > v_day
) AS newer
