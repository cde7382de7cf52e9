-- name: event_classification_keys_unique
-- severity: CRITICAL
-- table: staging.ticketmaster_event_classifications
-- phase: staged
-- description: An event has one classification at a position.
SELECT
    SUM(CASE WHEN copies > 1 THEN copies - 1 ELSE 0 END) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        event_id, "position",
        COUNT(*) AS copies
    FROM staging.ticketmaster_event_classifications
    WHERE run_id = p_run_id
    GROUP BY event_id, "position"
) AS counted
