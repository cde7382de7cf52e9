-- name: fact_events_no_fan_out
-- severity: CRITICAL
-- table: ticketmaster.fact_events
-- phase: star
-- description: Joining all dimensions gives as many rows as there are events.
SELECT
    ABS(joined.row_count - facts.row_count) AS failed_rows,
    facts.row_count AS total_rows
FROM (SELECT COUNT(*) AS row_count FROM ticketmaster.fact_events) AS facts
CROSS JOIN (SELECT COUNT(*) AS row_count FROM ticketmaster.v_events) AS joined
