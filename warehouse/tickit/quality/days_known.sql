-- name: days_known
-- severity: CRITICAL
-- table: staging.tickit_sales
-- phase: staged
-- max_failed_share: 0.001
-- description: The day of every sale, listing and event is in the calendar, under its own key.
SELECT
    SUM(CASE WHEN d.date_key IS NULL OR COALESCE(d.date <> f.day, TRUE) THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT sale_date_key AS date_key, sale_date AS day FROM staging.tickit_sales WHERE run_id = p_run_id
    UNION ALL
    SELECT listing_date_key AS date_key, listing_date AS day FROM staging.tickit_listings WHERE run_id = p_run_id
    UNION ALL
    SELECT event_date_key AS date_key, event_date AS day FROM staging.tickit_events WHERE run_id = p_run_id
) AS f
LEFT JOIN common.dim_date AS d ON f.date_key = d.date_key
