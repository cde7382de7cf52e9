-- name: venue_names_unique
-- severity: LOW
-- table: staging.tickit_venues
-- phase: staged
-- max_failed_share: 0.01
-- description: Venues that share a name are few: one does, an opera house.
SELECT
    SUM(copies - 1) AS failed_rows,
    SUM(copies) AS total_rows
FROM (
    SELECT
        name,
        COUNT(*) AS copies
    FROM staging.tickit_venues
    WHERE run_id = p_run_id
    GROUP BY name
) AS counted
