-- name: event_status_in_domain
-- severity: MEDIUM
-- table: staging.ticketmaster_events
-- phase: staged
-- max_failed_share: 0.01
-- description: The status is one that is documented, or absent.
SELECT
    SUM(CASE WHEN status NOT IN ('onsale', 'offsale', 'cancelled', 'postponed', 'rescheduled') THEN 1 ELSE 0 END)
        AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
