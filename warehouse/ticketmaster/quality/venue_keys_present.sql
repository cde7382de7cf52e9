-- name: venue_keys_present
-- severity: CRITICAL
-- table: staging.ticketmaster_venues
-- phase: staged
-- description: Every venue has an id, and no id is that of the unknown member.
SELECT
    SUM(CASE WHEN venue_id = '' OR venue_id = '-' THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_venues
WHERE run_id = p_run_id
