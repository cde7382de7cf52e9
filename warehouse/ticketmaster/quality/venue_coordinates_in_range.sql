-- name: venue_coordinates_in_range
-- severity: MEDIUM
-- table: staging.ticketmaster_venues
-- phase: staged
-- max_failed_share: 0.01
-- description: Latitudes are -90 to 90 degrees, longitudes -180 to 180.
SELECT
    SUM(CASE WHEN latitude NOT BETWEEN -90 AND 90 OR longitude NOT BETWEEN -180 AND 180 THEN 1 ELSE 0 END)
        AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_venues
WHERE run_id = p_run_id
