-- name: unknown_members_present
-- severity: CRITICAL
-- table: tickit.dim_venue
-- phase: star
-- description: Every dimension has its unknown member, key 0.
SELECT
    4 - SUM(members) AS failed_rows,
    4 AS total_rows
FROM (
    SELECT COUNT(*) AS members FROM tickit.dim_user WHERE user_sk = 0
    UNION ALL
    SELECT COUNT(*) AS members FROM tickit.dim_venue WHERE venue_sk = 0
    UNION ALL
    SELECT COUNT(*) AS members FROM tickit.dim_category WHERE category_sk = 0
    UNION ALL
    SELECT COUNT(*) AS members FROM tickit.dim_event WHERE event_sk = 0
) AS counted
