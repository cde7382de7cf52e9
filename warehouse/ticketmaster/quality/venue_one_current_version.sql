-- name: venue_one_current_version
-- severity: CRITICAL
-- table: ticketmaster.dim_venue
-- phase: star
-- description: Every venue has exactly one current version, the one that ends on 9999-12-31.
SELECT
    SUM(CASE WHEN current_versions <> 1 OR misnamed > 0 THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT
        venue_id,
        SUM(CASE WHEN is_current THEN 1 ELSE 0 END) AS current_versions,
        SUM(CASE WHEN is_current <> (valid_to = CAST('9999-12-31' AS DATE)) THEN 1 ELSE 0 END) AS misnamed
    FROM ticketmaster.dim_venue
    GROUP BY venue_id
) AS versions
