-- name: members_as_staged
-- severity: CRITICAL
-- table: tickit.dim_user
-- phase: star
-- description: Users and their contacts, venues, categories, events and dates of the star are those that the run staged: none lost, none left over, none changed. A day before the newest published leaves the star as it was.
SELECT
    SUM(CASE WHEN compared.sides <> 2 AND newer.runs = 0 THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT COUNT(*) AS sides
    FROM (
        SELECT 'user' AS member, user_id AS id, row_hash FROM tickit.dim_user WHERE user_sk <> 0
        UNION ALL
        SELECT 'user' AS member, user_id AS id, row_hash FROM staging.tickit_users WHERE run_id = p_run_id
        UNION ALL
        SELECT 'venue' AS member, venue_id AS id, row_hash FROM tickit.dim_venue WHERE venue_sk <> 0
        UNION ALL
        SELECT 'venue' AS member, venue_id AS id, row_hash FROM staging.tickit_venues WHERE run_id = p_run_id
        UNION ALL
        SELECT 'category' AS member, category_id AS id, row_hash FROM tickit.dim_category WHERE category_sk <> 0
        UNION ALL
        SELECT 'category' AS member, category_id AS id, row_hash FROM staging.tickit_categories WHERE run_id = p_run_id
        UNION ALL
        SELECT 'event' AS member, event_id AS id, row_hash FROM tickit.dim_event WHERE event_sk <> 0
        UNION ALL
        SELECT 'event' AS member, event_id AS id, row_hash FROM staging.tickit_events WHERE run_id = p_run_id
        UNION ALL
        SELECT 'contact' AS member, user_id AS id, row_hash FROM tickit.user_contacts
        UNION ALL
        SELECT 'contact' AS member, user_id AS id, row_hash FROM staging.tickit_user_contacts WHERE run_id = p_run_id
        UNION ALL
        SELECT 'date' AS member, date_id AS id, row_hash FROM tickit.source_dates
        UNION ALL
        SELECT 'date' AS member, date_id AS id, row_hash FROM staging.tickit_dates WHERE run_id = p_run_id
    ) AS either
    GROUP BY member, id, row_hash
) AS compared
CROSS JOIN (
    SELECT COUNT(*) AS runs FROM etl.runs
    WHERE pipeline = 'tickit_load' AND published_at IS NOT NULL AND business_date > v_day
) AS newer
