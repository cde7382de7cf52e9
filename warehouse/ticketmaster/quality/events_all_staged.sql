-- name: events_all_staged
-- severity: CRITICAL
-- table: staging.ticketmaster_events
-- phase: staged
-- description: Every curated event is staged, and nothing else.
SELECT
    ABS(COALESCE(curated.events, 0) - staged.events) AS failed_rows,
    staged.events AS total_rows
FROM (SELECT COUNT(*) AS events FROM staging.ticketmaster_events WHERE run_id = p_run_id) AS staged
CROSS JOIN (
    SELECT SUM(curated_records) AS events
    FROM etl.run_tables
    WHERE run_id = p_run_id AND layer = 'raw' AND table_name = 'events'
) AS curated
