-- name: venue_seats_known
-- severity: LOW
-- table: staging.tickit_venues
-- phase: staged
-- max_failed_share: 0.75
-- description: The seats of some venues are known; those of 145 are not, and are counted.
SELECT
    SUM(CASE WHEN seats IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_venues
WHERE run_id = p_run_id
