-- Grain: event and attraction, as of the day the event was last seen.
CREATE TABLE ticketmaster.bridge_event_attraction (
    event_id VARCHAR(256) NOT NULL ENCODE RAW,
    attraction_sk BIGINT NOT NULL ENCODE AZ64,
    attraction_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    "position" INTEGER NOT NULL ENCODE AZ64,
    is_primary BOOLEAN NOT NULL ENCODE RAW,
    PRIMARY KEY (event_id, attraction_id),
    FOREIGN KEY (event_id) REFERENCES ticketmaster.fact_events (event_id),
    FOREIGN KEY (attraction_sk) REFERENCES ticketmaster.dim_attraction (attraction_sk)
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (event_id);

-- Grain: event and position of the classification, as of the day the event was last seen.
CREATE TABLE ticketmaster.bridge_event_classification (
    event_id VARCHAR(256) NOT NULL ENCODE RAW,
    classification_sk BIGINT NOT NULL ENCODE AZ64,
    "position" INTEGER NOT NULL ENCODE AZ64,
    is_primary BOOLEAN NOT NULL ENCODE RAW,
    classification_id VARCHAR(1600) NOT NULL ENCODE ZSTD,
    PRIMARY KEY (event_id, "position"),
    FOREIGN KEY (event_id) REFERENCES ticketmaster.fact_events (event_id),
    FOREIGN KEY (classification_sk) REFERENCES ticketmaster.dim_classification (classification_sk)
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (event_id);

-- Grain: venue version and market.
CREATE TABLE ticketmaster.bridge_venue_market (
    venue_sk BIGINT NOT NULL ENCODE RAW,
    market_sk BIGINT NOT NULL ENCODE AZ64,
    venue_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    market_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    PRIMARY KEY (venue_sk, market_id),
    FOREIGN KEY (venue_sk) REFERENCES ticketmaster.dim_venue (venue_sk),
    FOREIGN KEY (market_sk) REFERENCES ticketmaster.dim_market (market_sk)
)
DISTSTYLE ALL
SORTKEY (venue_sk);
