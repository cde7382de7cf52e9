-- name: sale_before_event
-- severity: LOW
-- table: staging.tickit_sales
-- phase: staged
-- max_failed_share: 0.01
-- description: Tickets that are sold after the day of their event are few.
SELECT
    SUM(CASE WHEN s.sale_date > e.event_date THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_sales AS s
INNER JOIN staging.tickit_events AS e ON s.event_id = e.event_id AND e.run_id = p_run_id
WHERE s.run_id = p_run_id
