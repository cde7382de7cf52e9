-- name: members_all_staged
-- severity: CRITICAL
-- table: staging.tickit_users
-- phase: staged
-- description: Every curated user, contact, venue, category, date and event is staged, and nothing else.
SELECT
    SUM(ABS(COALESCE(books.curated_records, books.derived_records, 0) - counted.staged)) AS failed_rows,
    SUM(counted.staged) AS total_rows
FROM (
    SELECT
        'users' AS table_name,
        COUNT(*) AS staged
    FROM staging.tickit_users
    WHERE run_id = p_run_id
    UNION ALL
    SELECT
        'user_contacts' AS table_name,
        COUNT(*) AS staged
    FROM staging.tickit_user_contacts
    WHERE run_id = p_run_id
    UNION ALL
    SELECT
        'venues' AS table_name,
        COUNT(*) AS staged
    FROM staging.tickit_venues
    WHERE run_id = p_run_id
    UNION ALL
    SELECT
        'categories' AS table_name,
        COUNT(*) AS staged
    FROM staging.tickit_categories
    WHERE run_id = p_run_id
    UNION ALL
    SELECT
        'dates' AS table_name,
        COUNT(*) AS staged
    FROM staging.tickit_dates
    WHERE run_id = p_run_id
    UNION ALL
    SELECT
        'events' AS table_name,
        COUNT(*) AS staged
    FROM staging.tickit_events
    WHERE run_id = p_run_id
) AS counted
LEFT JOIN etl.run_tables AS books
    ON counted.table_name = books.table_name AND books.run_id = p_run_id AND books.layer IN ('raw', 'curated')
