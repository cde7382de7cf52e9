-- name: unknown_members_present
-- severity: CRITICAL
-- table: ticketmaster.dim_venue
-- phase: star
-- description: Every dimension has its unknown member, key 0.
SELECT
    4 - SUM(members) AS failed_rows,
    4 AS total_rows
FROM (
    SELECT COUNT(*) AS members FROM ticketmaster.dim_venue WHERE venue_sk = 0
    UNION ALL
    SELECT COUNT(*) AS members FROM ticketmaster.dim_attraction WHERE attraction_sk = 0
    UNION ALL
    SELECT COUNT(*) AS members FROM ticketmaster.dim_classification WHERE classification_sk = 0
    UNION ALL
    SELECT COUNT(*) AS members FROM ticketmaster.dim_market WHERE market_sk = 0
) AS counted
