-- name: fact_event_snapshots_as_staged
-- severity: CRITICAL
-- table: ticketmaster.fact_event_snapshots
-- phase: star
-- description: The snapshots of the run's day are exactly the events that the run staged: none lost, none left over, none changed.
SELECT
    SUM(
        CASE WHEN f.event_id IS NULL OR s.event_id IS NULL OR f.row_hash <> s.row_hash THEN 1 ELSE 0 END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM (SELECT event_id, row_hash FROM ticketmaster.fact_event_snapshots WHERE observed_on = v_day) AS f
FULL OUTER JOIN (SELECT event_id, row_hash FROM staging.ticketmaster_events WHERE run_id = p_run_id) AS s
    ON f.event_id = s.event_id
