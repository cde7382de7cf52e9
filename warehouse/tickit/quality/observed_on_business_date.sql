-- name: observed_on_business_date
-- severity: CRITICAL
-- table: staging.tickit_sales
-- phase: staged
-- description: Freshness: everything staged was observed on the run's business date.
SELECT
    SUM(CASE WHEN observed_on <> v_day THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT observed_on FROM staging.tickit_users WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.tickit_user_contacts WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.tickit_venues WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.tickit_categories WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.tickit_dates WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.tickit_events WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.tickit_listings WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.tickit_sales WHERE run_id = p_run_id
) AS staged
