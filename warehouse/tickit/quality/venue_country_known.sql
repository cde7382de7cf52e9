-- name: venue_country_known
-- severity: MEDIUM
-- table: staging.tickit_venues
-- phase: staged
-- description: The state of a venue is one of the US or of Canada, so that its country is known.
SELECT
    SUM(CASE WHEN state IS NOT NULL AND country IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_venues
WHERE run_id = p_run_id
