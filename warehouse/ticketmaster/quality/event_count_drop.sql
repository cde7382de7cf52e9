-- name: event_count_drop
-- severity: CRITICAL
-- table: staging.ticketmaster_events
-- phase: staged
-- description: There are at least half as many events as on the day published before.
SELECT
    CASE WHEN staged.events * 2 < COALESCE(former.events, 0) THEN former.events - staged.events ELSE 0 END
        AS failed_rows,
    staged.events AS total_rows
FROM (SELECT COUNT(*) AS events FROM staging.ticketmaster_events WHERE run_id = p_run_id) AS staged
CROSS JOIN (
    SELECT COUNT(*) AS events
    FROM ticketmaster.fact_event_snapshots AS f
    WHERE f.observed_on = (SELECT MAX(observed_on) FROM ticketmaster.fact_event_snapshots WHERE observed_on < v_day)
) AS former
