-- name: listing_day_agrees
-- severity: MEDIUM
-- table: staging.tickit_listings
-- phase: staged
-- max_failed_share: 0.001
-- description: The day of a listing is that of its time, and both are there.
SELECT
    SUM(CASE WHEN COALESCE(CAST(listed_at AS DATE) <> listing_date, TRUE) THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_listings
WHERE run_id = p_run_id
