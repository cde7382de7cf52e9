-- Ids that the snapshots of a day name and that are in no dimension. When an id becomes known, the facts of these days
-- are updated, without a search through the whole history.
CREATE TABLE ticketmaster.unknown_references (
    observed_on DATE NOT NULL ENCODE RAW,
    dimension VARCHAR(16) NOT NULL ENCODE ZSTD,
    natural_id VARCHAR(1600) NOT NULL ENCODE ZSTD,
    PRIMARY KEY (observed_on, dimension, natural_id)
)
DISTSTYLE ALL
SORTKEY (observed_on);

INSERT INTO ticketmaster.unknown_references (observed_on, dimension, natural_id)
SELECT DISTINCT
    observed_on,
    'venue',
    venue_id
FROM ticketmaster.fact_event_snapshots
WHERE venue_sk = 0 AND venue_id IS NOT NULL;
INSERT INTO ticketmaster.unknown_references (observed_on, dimension, natural_id)
SELECT DISTINCT
    observed_on,
    'attraction',
    attraction_id
FROM ticketmaster.fact_event_snapshots
WHERE attraction_sk = 0 AND attraction_id IS NOT NULL;
INSERT INTO ticketmaster.unknown_references (observed_on, dimension, natural_id)
SELECT DISTINCT
    observed_on,
    'classification',
    classification_id
FROM ticketmaster.fact_event_snapshots
WHERE classification_sk = 0 AND classification_id IS NOT NULL;
INSERT INTO ticketmaster.unknown_references (observed_on, dimension, natural_id)
SELECT DISTINCT
    observed_on,
    'market',
    market_id
FROM ticketmaster.fact_event_snapshots
WHERE market_sk = 0 AND market_id IS NOT NULL;

COMMENT ON TABLE ticketmaster.unknown_references
IS 'Ids that the snapshots of a day name and no dimension knows: venue, attraction, classification or market';
COMMENT ON COLUMN ticketmaster.unknown_references.dimension IS 'venue, attraction, classification or market';
