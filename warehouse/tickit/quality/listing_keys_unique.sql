-- name: listing_keys_unique
-- severity: CRITICAL
-- table: staging.tickit_listings
-- phase: staged
-- description: No listing is staged twice in a run.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        listing_id,
        COUNT(*) AS copies
    FROM staging.tickit_listings
    WHERE run_id = p_run_id
    GROUP BY listing_id
) AS counted
