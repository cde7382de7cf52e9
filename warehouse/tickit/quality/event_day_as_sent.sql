-- name: event_day_as_sent
-- severity: LOW
-- table: staging.tickit_events
-- phase: staged
-- max_failed_share: 0.1
-- description: The day in an event's start is the day of the event; the 703 of May 2008 that say the first of it are counted, and corrected.
SELECT
    SUM(CASE WHEN is_day_corrected THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_events
WHERE run_id = p_run_id
