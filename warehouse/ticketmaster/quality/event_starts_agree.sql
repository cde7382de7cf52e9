-- name: event_starts_agree
-- severity: MEDIUM
-- table: staging.ticketmaster_events
-- phase: staged
-- max_failed_share: 0.005
-- description: Local start, UTC start and time zone do not contradict each other.
SELECT
    SUM(CASE WHEN start_conflict IS NOT NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
