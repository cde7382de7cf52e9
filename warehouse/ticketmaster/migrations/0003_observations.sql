-- Observations: the members that each day showed. The star is derived from them, so days can be loaded in any order.
-- Sorted by day, because a run replaces one day; distributed by key, because versions are derived key by key.
CREATE TABLE ticketmaster.venue_observations (
    venue_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    observed_on DATE NOT NULL ENCODE RAW,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD,
    upcoming_events BIGINT ENCODE AZ64,
    PRIMARY KEY (venue_id, observed_on)
)
DISTSTYLE KEY
DISTKEY (venue_id)
SORTKEY (observed_on);

CREATE TABLE ticketmaster.attraction_observations (
    attraction_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    observed_on DATE NOT NULL ENCODE RAW,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD,
    upcoming_events BIGINT ENCODE AZ64,
    PRIMARY KEY (attraction_id, observed_on)
)
DISTSTYLE KEY
DISTKEY (attraction_id)
SORTKEY (observed_on);

CREATE TABLE ticketmaster.classification_observations (
    classification_id VARCHAR(1600) NOT NULL ENCODE ZSTD,
    observed_on DATE NOT NULL ENCODE RAW,
    segment_id VARCHAR(256) ENCODE ZSTD,
    segment_name VARCHAR(800) ENCODE ZSTD,
    genre_id VARCHAR(256) ENCODE ZSTD,
    genre_name VARCHAR(800) ENCODE ZSTD,
    subgenre_id VARCHAR(256) ENCODE ZSTD,
    subgenre_name VARCHAR(800) ENCODE ZSTD,
    type_id VARCHAR(256) ENCODE ZSTD,
    type_name VARCHAR(800) ENCODE ZSTD,
    subtype_id VARCHAR(256) ENCODE ZSTD,
    subtype_name VARCHAR(800) ENCODE ZSTD,
    PRIMARY KEY (classification_id, observed_on)
)
DISTSTYLE EVEN
SORTKEY (observed_on);

CREATE TABLE ticketmaster.market_observations (
    market_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    observed_on DATE NOT NULL ENCODE RAW,
    name VARCHAR(800) ENCODE ZSTD,
    PRIMARY KEY (market_id, observed_on)
)
DISTSTYLE EVEN
SORTKEY (observed_on);

CREATE TABLE ticketmaster.event_attraction_observations (
    event_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    observed_on DATE NOT NULL ENCODE RAW,
    attraction_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    "position" INTEGER NOT NULL ENCODE AZ64,
    is_primary BOOLEAN NOT NULL ENCODE RAW,
    PRIMARY KEY (event_id, observed_on, attraction_id)
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (observed_on);

CREATE TABLE ticketmaster.event_classification_observations (
    event_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    observed_on DATE NOT NULL ENCODE RAW,
    "position" INTEGER NOT NULL ENCODE AZ64,
    is_primary BOOLEAN NOT NULL ENCODE RAW,
    classification_id VARCHAR(1600) NOT NULL ENCODE ZSTD,
    PRIMARY KEY (event_id, observed_on, "position")
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (observed_on);
