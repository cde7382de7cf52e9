-- Volatile columns of venues and attractions are observed day by day, as the counters are: URLs, which differ from site
-- to site, and names in the language of the site. A change of them makes no version.
ALTER TABLE ticketmaster.venue_observations ADD COLUMN url VARCHAR(8000) ENCODE ZSTD;
ALTER TABLE ticketmaster.venue_observations ADD COLUMN state_name VARCHAR(800) ENCODE ZSTD;
ALTER TABLE ticketmaster.venue_observations ADD COLUMN country_name VARCHAR(800) ENCODE ZSTD;
ALTER TABLE ticketmaster.attraction_observations ADD COLUMN url VARCHAR(8000) ENCODE ZSTD;
ALTER TABLE ticketmaster.attraction_observations ADD COLUMN segment_name VARCHAR(800) ENCODE ZSTD;
ALTER TABLE ticketmaster.attraction_observations ADD COLUMN genre_name VARCHAR(800) ENCODE ZSTD;
ALTER TABLE ticketmaster.attraction_observations ADD COLUMN subgenre_name VARCHAR(800) ENCODE ZSTD;
ALTER TABLE ticketmaster.attraction_observations ADD COLUMN type_name VARCHAR(800) ENCODE ZSTD;
ALTER TABLE ticketmaster.attraction_observations ADD COLUMN subtype_name VARCHAR(800) ENCODE ZSTD;

UPDATE ticketmaster.venue_observations
SET
    url = v.url,
    state_name = v.state_name,
    country_name = v.country_name
FROM ticketmaster.dim_venue AS v
WHERE
    venue_observations.venue_id = v.venue_id
    AND venue_observations.observed_on >= v.valid_from
    AND venue_observations.observed_on < v.valid_to;

UPDATE ticketmaster.attraction_observations
SET
    url = v.url,
    segment_name = v.segment_name,
    genre_name = v.genre_name,
    subgenre_name = v.subgenre_name,
    type_name = v.type_name,
    subtype_name = v.subtype_name
FROM ticketmaster.dim_attraction AS v
WHERE
    attraction_observations.attraction_id = v.attraction_id
    AND attraction_observations.observed_on >= v.valid_from
    AND attraction_observations.observed_on < v.valid_to;
