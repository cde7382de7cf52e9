-- name: listing_keys_unique
-- severity: CRITICAL
-- table: staging.tickit_listings
-- phase: staged
-- description: No listing is staged twice in a run.
SELECT
    COUNT(*) - COUNT(DISTINCT listing_id) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_listings
WHERE run_id = p_run_id
