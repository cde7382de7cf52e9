-- name: attraction_versions_differ
-- severity: HIGH
-- table: ticketmaster.dim_attraction
-- phase: star
-- description: Neighbouring versions of an attraction differ in content.
SELECT
    SUM(CASE WHEN row_hash = next_hash THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT
        row_hash,
        LEAD(row_hash, 1) OVER (PARTITION BY attraction_id ORDER BY valid_from) AS next_hash
    FROM ticketmaster.dim_attraction
) AS versions
