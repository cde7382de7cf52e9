-- name: fact_sales_as_staged
-- severity: CRITICAL
-- table: tickit.fact_sales
-- phase: star
-- description: The sales of the star are those that the run staged: as many, with the same sums of tickets, money and numbers. A day before the newest published leaves the star as it was.
SELECT
    CASE
        WHEN newer.runs > 0 THEN 0
        ELSE
            ABS(f.row_count - s.row_count)
            + CASE
                WHEN
                    f.quantity_sold <> s.quantity_sold
                    OR f.price_paid <> s.price_paid
                    OR f.commission <> s.commission
                    OR f.sale_id <> s.sale_id
                    OR f.listing_id <> s.listing_id
                    OR f.event_id <> s.event_id
                    OR f.seller_id <> s.seller_id
                    OR f.buyer_id <> s.buyer_id
                    OR f.sale_date_key <> s.sale_date_key
                    THEN 1
                ELSE 0
            END
    END AS failed_rows,
    s.row_count AS total_rows
FROM (
    SELECT
        COUNT(*) AS row_count,
        COALESCE(SUM(quantity_sold), 0) AS quantity_sold,
        COALESCE(SUM(price_paid), 0) AS price_paid,
        COALESCE(SUM(commission), 0) AS commission,
        COALESCE(SUM(sale_id), 0) AS sale_id,
        COALESCE(SUM(listing_id), 0) AS listing_id,
        COALESCE(SUM(event_id), 0) AS event_id,
        COALESCE(SUM(seller_id), 0) AS seller_id,
        COALESCE(SUM(buyer_id), 0) AS buyer_id,
        COALESCE(SUM(sale_date_key), 0) AS sale_date_key
    FROM tickit.fact_sales
) AS f
CROSS JOIN (
    SELECT
        COUNT(*) AS row_count,
        COALESCE(SUM(quantity_sold), 0) AS quantity_sold,
        COALESCE(SUM(price_paid), 0) AS price_paid,
        COALESCE(SUM(commission), 0) AS commission,
        COALESCE(SUM(sale_id), 0) AS sale_id,
        COALESCE(SUM(listing_id), 0) AS listing_id,
        COALESCE(SUM(event_id), 0) AS event_id,
        COALESCE(SUM(seller_id), 0) AS seller_id,
        COALESCE(SUM(buyer_id), 0) AS buyer_id,
        COALESCE(SUM(sale_date_key), 0) AS sale_date_key
    FROM staging.tickit_sales
    WHERE run_id = p_run_id
) AS s
CROSS JOIN (
    SELECT COUNT(*) AS runs FROM etl.runs
    WHERE pipeline = 'tickit_load' AND published_at IS NOT NULL AND business_date > v_day
) AS newer
