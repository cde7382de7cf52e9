-- name: fact_event_snapshots_one_row_per_day
-- severity: CRITICAL
-- table: ticketmaster.fact_event_snapshots
-- phase: star
-- description: The grain of the snapshots is event and day; asked for the run's day.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        event_id,
        COUNT(*) AS copies
    FROM ticketmaster.fact_event_snapshots
    WHERE observed_on = v_day
    GROUP BY event_id
) AS counted
