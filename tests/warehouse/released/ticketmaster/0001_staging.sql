-- What the Glue job loads: one row per key and run, deleted again when the run is published.
-- COPY of Parquet is positional: run_id first, observed_on (the business date) second, the rest in this order.
-- Event-shaped tables are spread by event_id, as the facts are, so that merging needs no redistribution.
CREATE TABLE staging.ticketmaster_venues (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    venue_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    name VARCHAR(4000) ENCODE ZSTD,
    url VARCHAR(8000) ENCODE ZSTD,
    address_line1 VARCHAR(2000) ENCODE ZSTD,
    city VARCHAR(800) ENCODE ZSTD,
    state_code VARCHAR(64) ENCODE ZSTD,
    state_name VARCHAR(800) ENCODE ZSTD,
    country_code VARCHAR(8) ENCODE ZSTD,
    country_name VARCHAR(800) ENCODE ZSTD,
    postal_code VARCHAR(128) ENCODE ZSTD,
    timezone VARCHAR(256) ENCODE ZSTD,
    latitude DOUBLE PRECISION ENCODE ZSTD,
    longitude DOUBLE PRECISION ENCODE ZSTD,
    is_test BOOLEAN ENCODE RAW,
    market_ids VARCHAR(4000) ENCODE ZSTD,
    upcoming_events BIGINT ENCODE AZ64,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE KEY
DISTKEY (venue_id)
SORTKEY (run_id);

CREATE TABLE staging.ticketmaster_attractions (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    attraction_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    name VARCHAR(4000) ENCODE ZSTD,
    url VARCHAR(8000) ENCODE ZSTD,
    segment_name VARCHAR(800) ENCODE ZSTD,
    genre_name VARCHAR(800) ENCODE ZSTD,
    subgenre_name VARCHAR(800) ENCODE ZSTD,
    type_name VARCHAR(800) ENCODE ZSTD,
    subtype_name VARCHAR(800) ENCODE ZSTD,
    classification_id VARCHAR(1600) ENCODE ZSTD,
    homepage_url VARCHAR(8000) ENCODE ZSTD,
    musicbrainz_id VARCHAR(256) ENCODE ZSTD,
    is_test BOOLEAN ENCODE RAW,
    upcoming_events BIGINT ENCODE AZ64,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE KEY
DISTKEY (attraction_id)
SORTKEY (run_id);

CREATE TABLE staging.ticketmaster_classifications (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    classification_id VARCHAR(1600) NOT NULL ENCODE ZSTD,
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
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE EVEN
SORTKEY (run_id);

CREATE TABLE staging.ticketmaster_markets (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    market_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    name VARCHAR(800) ENCODE ZSTD,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE EVEN
SORTKEY (run_id);

CREATE TABLE staging.ticketmaster_venue_markets (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    venue_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    market_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    "position" INTEGER ENCODE AZ64
)
DISTSTYLE KEY
DISTKEY (venue_id)
SORTKEY (run_id);

CREATE TABLE staging.ticketmaster_events (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    event_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    name VARCHAR(4000) ENCODE ZSTD,
    url VARCHAR(8000) ENCODE ZSTD,
    status VARCHAR(64) ENCODE ZSTD,
    venue_id VARCHAR(256) ENCODE ZSTD,
    attraction_id VARCHAR(256) ENCODE ZSTD,
    classification_id VARCHAR(1600) ENCODE ZSTD,
    market_id VARCHAR(256) ENCODE ZSTD,
    start_date_key INTEGER NOT NULL ENCODE AZ64,
    start_date DATE ENCODE AZ64,
    start_local_at TIMESTAMP ENCODE AZ64,
    start_at TIMESTAMP ENCODE AZ64,
    timezone VARCHAR(256) ENCODE ZSTD,
    local_hour INTEGER ENCODE AZ64,
    local_weekday VARCHAR(9) ENCODE ZSTD,
    weekday_sort INTEGER ENCODE AZ64,
    end_at TIMESTAMP ENCODE AZ64,
    public_sale_start_at TIMESTAMP ENCODE AZ64,
    public_sale_end_at TIMESTAMP ENCODE AZ64,
    price_min DECIMAL(12,2) ENCODE AZ64,
    price_max DECIMAL(12,2) ENCODE AZ64,
    price_currency VARCHAR(12) ENCODE ZSTD,
    attraction_count INTEGER ENCODE AZ64,
    classification_count INTEGER ENCODE AZ64,
    presale_count INTEGER ENCODE AZ64,
    promoter_name VARCHAR(4000) ENCODE ZSTD,
    is_test BOOLEAN ENCODE RAW,
    is_archtics BOOLEAN ENCODE RAW,
    is_show BOOLEAN ENCODE RAW,
    non_show_reason VARCHAR(256) ENCODE ZSTD,
    is_date_tba BOOLEAN ENCODE RAW,
    is_date_tbd BOOLEAN ENCODE RAW,
    is_time_tba BOOLEAN ENCODE RAW,
    spans_multiple_days BOOLEAN ENCODE RAW,
    is_legal_age_enforced BOOLEAN ENCODE RAW,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (run_id);

CREATE TABLE staging.ticketmaster_event_attractions (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    event_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    attraction_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    "position" INTEGER NOT NULL ENCODE AZ64,
    is_primary BOOLEAN NOT NULL ENCODE RAW
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (run_id);

CREATE TABLE staging.ticketmaster_event_classifications (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    event_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    "position" INTEGER NOT NULL ENCODE AZ64,
    is_primary BOOLEAN NOT NULL ENCODE RAW,
    classification_id VARCHAR(1600) NOT NULL ENCODE ZSTD
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (run_id);
