-- Which artists, teams and plays are there? One row per attraction, as last seen, for filters and labels.
-- Shows without a known attraction have the attraction with the id -, which is included.
-- attraction_name: Name as sent; not unique
-- segment_id: Id of the segment of the primary classification; - if it is unknown
-- genre_id: Id of the genre of the primary classification; - if it is unknown
-- subgenre_id: Id of the subgenre of the primary classification; - if it is unknown
CREATE VIEW ticketmaster.v_attractions AS
SELECT
    a.attraction_id,
    a.name AS attraction_name,
    {{ key_or_unknown("c.segment_id") }} AS segment_id,
    a.segment_name,
    {{ key_or_unknown("c.genre_id") }} AS genre_id,
    a.genre_name,
    {{ key_or_unknown("c.subgenre_id") }} AS subgenre_id,
    a.subgenre_name,
    a.type_name,
    a.subtype_name,
    a.homepage_url,
    a.url,
    a.is_test
FROM ticketmaster.dim_attraction AS a
LEFT JOIN ticketmaster.dim_classification AS c ON a.classification_id = c.classification_id
WHERE a.is_current;
