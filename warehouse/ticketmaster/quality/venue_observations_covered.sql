-- name: venue_observations_covered
-- severity: CRITICAL
-- table: ticketmaster.dim_venue
-- phase: star
-- description: What was observed of a venue on a day is what its version of that day holds.
SELECT
    SUM(CASE WHEN v.venue_sk IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM ticketmaster.venue_observations AS o
LEFT JOIN ticketmaster.dim_venue AS v
    ON
        o.venue_id = v.venue_id
        AND o.row_hash = v.row_hash
        AND o.observed_on >= v.valid_from
        AND o.observed_on < v.valid_to
WHERE o.observed_on BETWEEN v_from AND v_to
