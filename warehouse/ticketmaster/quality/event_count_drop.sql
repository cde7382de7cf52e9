-- name: event_count_drop
-- severity: CRITICAL
-- table: staging.ticketmaster_events
-- phase: staged
-- description: There are at least half as many events as on the day published before, unless the run accepts a drop.
SELECT
    CASE
        WHEN staged.accepts_drop THEN 0
        WHEN staged.events * 2 < COALESCE(former.events, 0) THEN former.events - staged.events
        ELSE 0
    END AS failed_rows,
    staged.events AS total_rows
FROM (
    SELECT
        COUNT(e.event_id) AS events,
        BOOL_OR(r.accepts_drop) AS accepts_drop
    FROM etl.runs AS r
    LEFT JOIN staging.ticketmaster_events AS e ON r.run_id = e.run_id
    WHERE r.run_id = p_run_id
) AS staged
CROSS JOIN (
    SELECT COUNT(*) AS events
    FROM ticketmaster.fact_event_snapshots AS f
    WHERE
        f.observed_on = (
            SELECT MAX(business_date) FROM etl.runs
            WHERE pipeline = 'ticketmaster_daily' AND published_at IS NOT NULL AND business_date < v_day
        )
) AS former
