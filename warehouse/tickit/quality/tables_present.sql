-- name: tables_present
-- severity: CRITICAL
-- table: staging.tickit_sales
-- phase: staged
-- description: Every table that is staged has at least one row: an empty one would empty what readers have of it.
SELECT
    SUM(CASE WHEN staged = 0 THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT COUNT(*) AS staged FROM staging.tickit_users WHERE run_id = p_run_id
    UNION ALL
    SELECT COUNT(*) AS staged FROM staging.tickit_user_contacts WHERE run_id = p_run_id
    UNION ALL
    SELECT COUNT(*) AS staged FROM staging.tickit_venues WHERE run_id = p_run_id
    UNION ALL
    SELECT COUNT(*) AS staged FROM staging.tickit_categories WHERE run_id = p_run_id
    UNION ALL
    SELECT COUNT(*) AS staged FROM staging.tickit_dates WHERE run_id = p_run_id
    UNION ALL
    SELECT COUNT(*) AS staged FROM staging.tickit_events WHERE run_id = p_run_id
    UNION ALL
    SELECT COUNT(*) AS staged FROM staging.tickit_listings WHERE run_id = p_run_id
    UNION ALL
    SELECT COUNT(*) AS staged FROM staging.tickit_sales WHERE run_id = p_run_id
) AS counted
