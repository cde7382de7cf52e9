-- name: listing_not_oversold
-- severity: HIGH
-- table: staging.tickit_listings
-- phase: staged
-- description: No listing has more tickets sold than it offers.
SELECT
    oversold.row_count AS failed_rows,
    counted.row_count AS total_rows
FROM (
    SELECT COUNT(*) AS row_count
    FROM (
        SELECT l.listing_id
        FROM staging.tickit_listings AS l
        INNER JOIN staging.tickit_sales AS s ON l.listing_id = s.listing_id AND s.run_id = p_run_id
        WHERE l.run_id = p_run_id
        GROUP BY l.listing_id, l.ticket_count
        HAVING SUM(s.quantity_sold) > l.ticket_count
    ) AS sold
) AS oversold
CROSS JOIN (SELECT COUNT(*) AS row_count FROM staging.tickit_listings WHERE run_id = p_run_id) AS counted
