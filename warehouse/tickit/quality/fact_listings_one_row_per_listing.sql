-- name: fact_listings_one_row_per_listing
-- severity: CRITICAL
-- table: tickit.fact_listings
-- phase: star
-- description: The grain of fact_listings is the listing.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT COUNT(*) AS copies
    FROM tickit.fact_listings
    GROUP BY listing_id + 0
) AS counted
