-- Which venues are there, and where? One row per venue, as last seen, for filters and labels.
-- Shows without a known venue have the venue with the id -, which is included.
-- venue_name: Name as sent; not unique
-- venue_label: Name and city; show it, but group by the id
CREATE VIEW ticketmaster.v_venues AS
SELECT
    v.venue_id,
    v.name AS venue_name,
    {{ venue_label("v", 5000) }} AS venue_label,
    v.address_line1,
    v.postal_code,
    v.city,
    v.state_code,
    v.state_name,
    v.country_code,
    v.country_name,
    v.timezone,
    v.latitude,
    v.longitude,
    v.url,
    v.is_test
FROM ticketmaster.dim_venue AS v
WHERE v.is_current;
