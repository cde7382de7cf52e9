-- name: attraction_versions_adjoin
-- severity: CRITICAL
-- table: ticketmaster.dim_attraction
-- phase: star
-- description: The versions of an attraction follow each other without overlap or gap, and none is empty.
SELECT
    SUM(CASE WHEN valid_from >= valid_to OR next_from <> valid_to THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT
        valid_from,
        valid_to,
        LEAD(valid_from, 1) OVER (PARTITION BY attraction_id ORDER BY valid_from) AS next_from
    FROM ticketmaster.dim_attraction
) AS versions
