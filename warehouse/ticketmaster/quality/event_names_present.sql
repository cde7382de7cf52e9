-- name: event_names_present
-- severity: LOW
-- table: staging.ticketmaster_events
-- phase: staged
-- max_failed_share: 0.05
-- description: Events without a name are few.
SELECT
    SUM(CASE WHEN name IS NULL OR TRIM(name) = '' THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
