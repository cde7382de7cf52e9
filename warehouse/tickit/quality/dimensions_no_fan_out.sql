-- name: dimensions_no_fan_out
-- severity: CRITICAL
-- table: tickit.dim_user
-- phase: star
-- description: No key and no number is in a dimension twice, so that joining one counts no sale twice.
SELECT
    SUM(copies - 1) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT COUNT(*) AS copies
    FROM (
        SELECT 'user key' AS kind, user_sk + 0 AS number FROM tickit.dim_user
        UNION ALL
        SELECT 'user' AS kind, user_id + 0 AS number FROM tickit.dim_user
        UNION ALL
        SELECT 'venue key' AS kind, venue_sk + 0 AS number FROM tickit.dim_venue
        UNION ALL
        SELECT 'venue' AS kind, venue_id + 0 AS number FROM tickit.dim_venue
        UNION ALL
        SELECT 'category key' AS kind, category_sk + 0 AS number FROM tickit.dim_category
        UNION ALL
        SELECT 'category' AS kind, category_id + 0 AS number FROM tickit.dim_category
        UNION ALL
        SELECT 'event key' AS kind, event_sk + 0 AS number FROM tickit.dim_event
        UNION ALL
        SELECT 'event' AS kind, event_id + 0 AS number FROM tickit.dim_event
    ) AS numbered
    GROUP BY kind, number
) AS counted
