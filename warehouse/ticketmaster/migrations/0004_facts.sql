-- Grain: one row per event and day observed. Sorted by day: loads and most queries read few days.
CREATE TABLE ticketmaster.fact_event_snapshots (
    observed_on DATE NOT NULL ENCODE RAW,
    observed_date_key INTEGER NOT NULL ENCODE AZ64,
    event_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    venue_sk BIGINT NOT NULL ENCODE AZ64,
    attraction_sk BIGINT NOT NULL ENCODE AZ64,
    classification_sk BIGINT NOT NULL ENCODE AZ64,
    market_sk BIGINT NOT NULL ENCODE AZ64,
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
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD,
    run_id VARCHAR(128) NOT NULL ENCODE ZSTD,
    PRIMARY KEY (event_id, observed_on),
    FOREIGN KEY (venue_sk) REFERENCES ticketmaster.dim_venue (venue_sk),
    FOREIGN KEY (attraction_sk) REFERENCES ticketmaster.dim_attraction (attraction_sk),
    FOREIGN KEY (classification_sk) REFERENCES ticketmaster.dim_classification (classification_sk),
    FOREIGN KEY (market_sk) REFERENCES ticketmaster.dim_market (market_sk),
    FOREIGN KEY (observed_date_key) REFERENCES common.dim_date (date_key),
    FOREIGN KEY (start_date_key) REFERENCES common.dim_date (date_key)
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (observed_on);

-- Grain: one row per event, as of the day it was last seen. Sorted by start: most queries are about future days.
CREATE TABLE ticketmaster.fact_events (
    event_id VARCHAR(256) NOT NULL ENCODE ZSTD,
    venue_sk BIGINT NOT NULL ENCODE AZ64,
    attraction_sk BIGINT NOT NULL ENCODE AZ64,
    classification_sk BIGINT NOT NULL ENCODE AZ64,
    market_sk BIGINT NOT NULL ENCODE AZ64,
    name VARCHAR(4000) ENCODE ZSTD,
    url VARCHAR(8000) ENCODE ZSTD,
    status VARCHAR(64) ENCODE ZSTD,
    venue_id VARCHAR(256) ENCODE ZSTD,
    attraction_id VARCHAR(256) ENCODE ZSTD,
    classification_id VARCHAR(1600) ENCODE ZSTD,
    market_id VARCHAR(256) ENCODE ZSTD,
    start_date_key INTEGER NOT NULL ENCODE AZ64,
    start_date DATE ENCODE RAW,
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
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD,
    first_seen_on DATE NOT NULL ENCODE AZ64,
    last_seen_on DATE NOT NULL ENCODE AZ64,
    first_seen_date_key INTEGER NOT NULL ENCODE AZ64,
    last_seen_date_key INTEGER NOT NULL ENCODE AZ64,
    run_id VARCHAR(128) NOT NULL ENCODE ZSTD,
    PRIMARY KEY (event_id),
    FOREIGN KEY (venue_sk) REFERENCES ticketmaster.dim_venue (venue_sk),
    FOREIGN KEY (attraction_sk) REFERENCES ticketmaster.dim_attraction (attraction_sk),
    FOREIGN KEY (classification_sk) REFERENCES ticketmaster.dim_classification (classification_sk),
    FOREIGN KEY (market_sk) REFERENCES ticketmaster.dim_market (market_sk),
    FOREIGN KEY (start_date_key) REFERENCES common.dim_date (date_key),
    FOREIGN KEY (first_seen_date_key) REFERENCES common.dim_date (date_key),
    FOREIGN KEY (last_seen_date_key) REFERENCES common.dim_date (date_key)
)
DISTSTYLE KEY
DISTKEY (event_id)
SORTKEY (start_date);

COMMENT ON TABLE ticketmaster.fact_event_snapshots
IS 'One row per event and day observed, with the dimension versions of that day';
COMMENT ON TABLE ticketmaster.fact_events IS 'One row per event: its latest snapshot, with first and last day seen';
COMMENT ON COLUMN ticketmaster.fact_events.start_at IS 'Start, UTC; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.fact_events.start_local_at
IS 'Start in the time zone of the venue; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.fact_events.local_hour
IS 'Hour of the local start, 0 to 23; null when the time is unknown';
COMMENT ON COLUMN ticketmaster.fact_events.price_min IS 'Lowest price in price_currency';
COMMENT ON COLUMN ticketmaster.fact_events.is_show
IS 'False for parking, upsells, packages and other inventory that is not a show';
