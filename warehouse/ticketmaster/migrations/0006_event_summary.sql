-- Grain: month of the local start date. Written by etl.sp_generate_event_summary.
CREATE TABLE ticketmaster.event_summary (
    year_month CHAR(7) NOT NULL ENCODE RAW,
    run_date DATE NOT NULL ENCODE AZ64,
    events BIGINT NOT NULL ENCODE AZ64,
    shows BIGINT NOT NULL ENCODE AZ64,
    cancelled_events BIGINT NOT NULL ENCODE AZ64,
    rescheduled_events BIGINT NOT NULL ENCODE AZ64,
    venues BIGINT NOT NULL ENCODE AZ64,
    attractions BIGINT NOT NULL ENCODE AZ64,
    priced_events BIGINT NOT NULL ENCODE AZ64,
    price_min_usd DECIMAL(12,2) ENCODE AZ64,
    price_max_usd DECIMAL(12,2) ENCODE AZ64,
    top_venues VARCHAR(65535) ENCODE ZSTD,
    top_attractions VARCHAR(65535) ENCODE ZSTD,
    generated_at TIMESTAMP NOT NULL ENCODE AZ64,
    PRIMARY KEY (year_month)
)
DISTSTYLE ALL
SORTKEY (year_month);
