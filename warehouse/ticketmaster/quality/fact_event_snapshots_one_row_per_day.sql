-- name: fact_event_snapshots_one_row_per_day
-- severity: CRITICAL
-- table: ticketmaster.fact_event_snapshots
-- phase: star
-- description: The grain of the snapshots is event and day.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT COUNT(*) AS copies
    FROM ticketmaster.fact_event_snapshots
    WHERE observed_on BETWEEN v_from AND v_to
    GROUP BY observed_on, event_id || ''
) AS counted
