-- name: event_category_known
-- severity: HIGH
-- table: staging.tickit_events
-- phase: staged
-- description: The category of an event is staged.
SELECT
    SUM(CASE WHEN c.category_id IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_events AS e
LEFT JOIN (SELECT DISTINCT category_id FROM staging.tickit_categories WHERE run_id = p_run_id) AS c
    ON e.category_id = c.category_id
WHERE e.run_id = p_run_id
