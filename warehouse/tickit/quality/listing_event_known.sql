-- name: listing_event_known
-- severity: HIGH
-- table: staging.tickit_listings
-- phase: staged
-- max_failed_share: 0.01
-- description: The event of a listing is staged; listings of events that are not are few.
SELECT
    SUM(CASE WHEN e.event_id IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_listings AS f
LEFT JOIN (SELECT DISTINCT event_id FROM staging.tickit_events WHERE run_id = p_run_id) AS e ON f.event_id = e.event_id
WHERE f.run_id = p_run_id
