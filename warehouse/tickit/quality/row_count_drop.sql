-- name: row_count_drop
-- severity: CRITICAL
-- table: staging.tickit_sales
-- phase: staged
-- description: Of no table are there less than half the rows that readers have, unless the run was told to accept that. A day before the newest published changes nothing for them.
SELECT
    SUM(
        CASE
            WHEN run.accepts_drop OR run.newer > 0 OR compared.staged * 2 >= compared.served THEN 0
            ELSE compared.served - compared.staged
        END
    ) AS failed_rows,
    SUM(compared.served) AS total_rows
FROM (
    SELECT
        counted.row_count AS staged,
        star.row_count AS served
    FROM (SELECT COUNT(*) AS row_count FROM staging.tickit_users WHERE run_id = p_run_id) AS counted
    CROSS JOIN (SELECT COUNT(*) AS row_count FROM tickit.dim_user WHERE user_sk <> 0) AS star
    UNION ALL
    SELECT
        counted.row_count AS staged,
        star.row_count AS served
    FROM (SELECT COUNT(*) AS row_count FROM staging.tickit_venues WHERE run_id = p_run_id) AS counted
    CROSS JOIN (SELECT COUNT(*) AS row_count FROM tickit.dim_venue WHERE venue_sk <> 0) AS star
    UNION ALL
    SELECT
        counted.row_count AS staged,
        star.row_count AS served
    FROM (SELECT COUNT(*) AS row_count FROM staging.tickit_categories WHERE run_id = p_run_id) AS counted
    CROSS JOIN (SELECT COUNT(*) AS row_count FROM tickit.dim_category WHERE category_sk <> 0) AS star
    UNION ALL
    SELECT
        counted.row_count AS staged,
        star.row_count AS served
    FROM (SELECT COUNT(*) AS row_count FROM staging.tickit_dates WHERE run_id = p_run_id) AS counted
    CROSS JOIN (SELECT COUNT(*) AS row_count FROM tickit.source_dates) AS star
    UNION ALL
    SELECT
        counted.row_count AS staged,
        star.row_count AS served
    FROM (SELECT COUNT(*) AS row_count FROM staging.tickit_events WHERE run_id = p_run_id) AS counted
    CROSS JOIN (SELECT COUNT(*) AS row_count FROM tickit.dim_event WHERE event_sk <> 0) AS star
    UNION ALL
    SELECT
        counted.row_count AS staged,
        star.row_count AS served
    FROM (SELECT COUNT(*) AS row_count FROM staging.tickit_listings WHERE run_id = p_run_id) AS counted
    CROSS JOIN (SELECT COUNT(*) AS row_count FROM tickit.fact_listings) AS star
    UNION ALL
    SELECT
        counted.row_count AS staged,
        star.row_count AS served
    FROM (SELECT COUNT(*) AS row_count FROM staging.tickit_sales WHERE run_id = p_run_id) AS counted
    CROSS JOIN (SELECT COUNT(*) AS row_count FROM tickit.fact_sales) AS star
) AS compared
CROSS JOIN (
    SELECT
        BOOL_OR(run_id = p_run_id AND accepts_drop) AS accepts_drop,
        SUM(CASE WHEN published_at IS NOT NULL AND business_date > v_day THEN 1 ELSE 0 END) AS newer
    FROM etl.runs
    WHERE pipeline = 'tickit_load'
) AS run
