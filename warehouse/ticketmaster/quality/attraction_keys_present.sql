-- name: attraction_keys_present
-- severity: CRITICAL
-- table: staging.ticketmaster_attractions
-- phase: staged
-- description: Every attraction has an id, and no id is that of the unknown member.
SELECT
    SUM(CASE WHEN attraction_id = '' OR attraction_id = '-' THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_attractions
WHERE run_id = p_run_id
