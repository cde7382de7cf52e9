-- name: event_attraction_keys_unique
-- severity: CRITICAL
-- table: staging.ticketmaster_event_attractions
-- phase: staged
-- description: An event names an attraction once.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        event_id, attraction_id,
        COUNT(*) AS copies
    FROM staging.ticketmaster_event_attractions
    WHERE run_id = p_run_id
    GROUP BY event_id, attraction_id
) AS counted
