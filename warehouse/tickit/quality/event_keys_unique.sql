-- name: event_keys_unique
-- severity: CRITICAL
-- table: staging.tickit_events
-- phase: staged
-- description: No event is staged twice in a run.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        event_id,
        COUNT(*) AS copies
    FROM staging.tickit_events
    WHERE run_id = p_run_id
    GROUP BY event_id
) AS counted
