-- Which venues are there, and where? One row per venue, for filters and labels.
-- Sales and listings at venues that the source does not have are not in it: keep their rows with a LEFT JOIN.
-- venue_name: Name as sent; not unique
-- venue_label: Name and city; show it, but group by the number
CREATE VIEW tickit.v_venues AS
SELECT
    v.venue_id,
    v.name AS venue_name,
    {{ venue_label("v", 140) }} AS venue_label,
    v.city,
    v.state,
    v.country,
    v.seats
FROM tickit.dim_venue AS v
WHERE v.venue_sk <> 0;
