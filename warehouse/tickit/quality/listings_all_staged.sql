-- name: listings_all_staged
-- severity: CRITICAL
-- table: staging.tickit_listings
-- phase: staged
-- description: Every curated listing is staged, and nothing else.
SELECT
    ABS(COALESCE(curated.listings, 0) - staged.listings) AS failed_rows,
    staged.listings AS total_rows
FROM (SELECT COUNT(*) AS listings FROM staging.tickit_listings WHERE run_id = p_run_id) AS staged
CROSS JOIN (
    SELECT SUM(curated_records) AS listings
    FROM etl.run_tables
    WHERE run_id = p_run_id AND layer = 'raw' AND table_name = 'listings'
) AS curated
