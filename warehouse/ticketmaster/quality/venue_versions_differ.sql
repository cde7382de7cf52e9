-- name: venue_versions_differ
-- severity: HIGH
-- table: ticketmaster.dim_venue
-- phase: star
-- description: Neighbouring versions of a venue differ in content.
SELECT
    SUM(CASE WHEN row_hash = next_hash THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT
        row_hash,
        LEAD(row_hash, 1) OVER (PARTITION BY venue_id ORDER BY valid_from) AS next_hash
    FROM ticketmaster.dim_venue
) AS versions
