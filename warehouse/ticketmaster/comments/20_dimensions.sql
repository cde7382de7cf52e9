-- What the columns of the dimensions mean, for the data dictionary and for BI tools.

COMMENT ON TABLE ticketmaster.dim_venue IS 'One row per version of a venue (SCD type 2); sk 0 is the unknown venue';
COMMENT ON COLUMN ticketmaster.dim_venue.venue_sk IS 'Surrogate key of this version; 0 is the unknown venue';
COMMENT ON COLUMN ticketmaster.dim_venue.venue_id
IS 'Id at the source, the same in all versions; the same place may have several';
COMMENT ON COLUMN ticketmaster.dim_venue.name IS 'Name as sent';
COMMENT ON COLUMN ticketmaster.dim_venue.url
IS 'Page of the venue, of the site asked last; makes no version';
COMMENT ON COLUMN ticketmaster.dim_venue.address_line1 IS 'Street address';
COMMENT ON COLUMN ticketmaster.dim_venue.city IS 'City';
COMMENT ON COLUMN ticketmaster.dim_venue.state_code
IS 'State or province: United States, Canada, Mexico and Australia only';
COMMENT ON COLUMN ticketmaster.dim_venue.state_name
IS 'Name of the state or province, as last sent; makes no version';
COMMENT ON COLUMN ticketmaster.dim_venue.country_code IS 'ISO 3166-1 alpha-2';
COMMENT ON COLUMN ticketmaster.dim_venue.country_name
IS 'Name of the country, as last sent, possibly localised; makes no version';
COMMENT ON COLUMN ticketmaster.dim_venue.postal_code IS 'Postal code';
COMMENT ON COLUMN ticketmaster.dim_venue.timezone IS 'IANA time zone';
COMMENT ON COLUMN ticketmaster.dim_venue.latitude IS 'Degrees north; null when unknown';
COMMENT ON COLUMN ticketmaster.dim_venue.longitude IS 'Degrees east; null when unknown';
COMMENT ON COLUMN ticketmaster.dim_venue.is_test IS 'Marked as a test by the source: leave it out';
COMMENT ON COLUMN ticketmaster.dim_venue.market_ids
IS 'Sorted market ids joined by commas; bridge_venue_market is derived from it';
COMMENT ON COLUMN ticketmaster.dim_venue.upcoming_events
IS 'Volatile counter of the version''s latest observation, by all sellers; not part of row_hash';
COMMENT ON COLUMN ticketmaster.dim_venue.valid_from
IS 'First day (UTC business date) on which this version was observed';
COMMENT ON COLUMN ticketmaster.dim_venue.valid_to
IS 'Day on which the next version begins (exclusive); 9999-12-31 for the current one';
COMMENT ON COLUMN ticketmaster.dim_venue.is_current IS 'Whether this is the latest version';
COMMENT ON COLUMN ticketmaster.dim_venue.row_hash
IS 'SHA-256 over the columns from the source that are not volatile; a new version begins when it changes';

COMMENT ON TABLE ticketmaster.dim_attraction
IS 'One row per version of an attraction: artist, team or show (SCD type 2); sk 0 is the unknown attraction';
COMMENT ON COLUMN ticketmaster.dim_attraction.attraction_sk
IS 'Surrogate key of this version; 0 is the unknown attraction';
COMMENT ON COLUMN ticketmaster.dim_attraction.attraction_id IS 'Id at the source, the same in all versions';
COMMENT ON COLUMN ticketmaster.dim_attraction.name IS 'Name as sent; not unique';
COMMENT ON COLUMN ticketmaster.dim_attraction.url
IS 'Page of the attraction, of the site asked last; makes no version';
COMMENT ON COLUMN ticketmaster.dim_attraction.segment_name
IS 'Segment of the primary classification, such as Music; names are those of the classification tree';
COMMENT ON COLUMN ticketmaster.dim_attraction.genre_name IS 'Genre of the primary classification, such as Rock';
COMMENT ON COLUMN ticketmaster.dim_attraction.subgenre_name IS 'Subgenre of the primary classification';
COMMENT ON COLUMN ticketmaster.dim_attraction.type_name IS 'Type of the primary classification, such as Group';
COMMENT ON COLUMN ticketmaster.dim_attraction.subtype_name IS 'Subtype of the primary classification, such as Band';
COMMENT ON COLUMN ticketmaster.dim_attraction.classification_id
IS 'Primary classification: the five ids joined by |; null when it has none';
COMMENT ON COLUMN ticketmaster.dim_attraction.homepage_url IS 'First homepage among the external links';
COMMENT ON COLUMN ticketmaster.dim_attraction.musicbrainz_id IS 'First MusicBrainz id among the external links';
COMMENT ON COLUMN ticketmaster.dim_attraction.is_test IS 'Marked as a test by the source: leave it out';
COMMENT ON COLUMN ticketmaster.dim_attraction.upcoming_events
IS 'Volatile counter of the version''s latest observation, by all sellers; not part of row_hash';
COMMENT ON COLUMN ticketmaster.dim_attraction.valid_from
IS 'First day (UTC business date) on which this version was observed';
COMMENT ON COLUMN ticketmaster.dim_attraction.valid_to
IS 'Day on which the next version begins (exclusive); 9999-12-31 for the current one';
COMMENT ON COLUMN ticketmaster.dim_attraction.is_current IS 'Whether this is the latest version';
COMMENT ON COLUMN ticketmaster.dim_attraction.row_hash
IS 'SHA-256 over the columns from the source that are not volatile; a new version begins when it changes';

COMMENT ON TABLE ticketmaster.dim_classification
IS 'One row per combination of segment > genre > subgenre and type > subtype, latest names (type 1)';
COMMENT ON COLUMN ticketmaster.dim_classification.classification_sk IS 'Surrogate key; 0 is the unknown classification';
COMMENT ON COLUMN ticketmaster.dim_classification.classification_id
IS 'Natural key: the five ids joined by |, - for one that is missing';
COMMENT ON COLUMN ticketmaster.dim_classification.segment_id IS 'Id of the segment';
COMMENT ON COLUMN ticketmaster.dim_classification.segment_name IS 'Segment, such as Music, Sports, Arts & Theatre';
COMMENT ON COLUMN ticketmaster.dim_classification.genre_id IS 'Id of the genre';
COMMENT ON COLUMN ticketmaster.dim_classification.genre_name IS 'Genre, such as Rock';
COMMENT ON COLUMN ticketmaster.dim_classification.subgenre_id IS 'Id of the subgenre';
COMMENT ON COLUMN ticketmaster.dim_classification.subgenre_name IS 'Subgenre, such as Alternative Rock';
COMMENT ON COLUMN ticketmaster.dim_classification.type_id IS 'Id of the type';
COMMENT ON COLUMN ticketmaster.dim_classification.type_name IS 'Type of what is on stage, such as Group';
COMMENT ON COLUMN ticketmaster.dim_classification.subtype_id IS 'Id of the subtype';
COMMENT ON COLUMN ticketmaster.dim_classification.subtype_name IS 'Subtype, such as Band';
COMMENT ON COLUMN ticketmaster.dim_classification.first_seen_on
IS 'First day (UTC business date) on which the combination was observed';
COMMENT ON COLUMN ticketmaster.dim_classification.last_seen_on
IS 'Last day (UTC business date) on which the combination was observed';

COMMENT ON TABLE ticketmaster.dim_market IS 'One row per market, a region that is sold to as one, latest name (type 1)';
COMMENT ON COLUMN ticketmaster.dim_market.market_sk IS 'Surrogate key; 0 is the unknown market';
COMMENT ON COLUMN ticketmaster.dim_market.market_id IS 'Id at the source: a number, as text';
COMMENT ON COLUMN ticketmaster.dim_market.name
IS 'Name, such as New York/Tri-State Area; the source cuts some at a comma';
COMMENT ON COLUMN ticketmaster.dim_market.first_seen_on
IS 'First day (UTC business date) on which the market was observed';
COMMENT ON COLUMN ticketmaster.dim_market.last_seen_on
IS 'Last day (UTC business date) on which the market was observed';
