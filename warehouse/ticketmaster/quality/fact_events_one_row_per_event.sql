-- name: fact_events_one_row_per_event
-- severity: CRITICAL
-- table: ticketmaster.fact_events
-- phase: star
-- description: The grain of fact_events is the event.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT COUNT(*) AS copies
    FROM ticketmaster.fact_events
    GROUP BY event_id || ''
) AS counted
