-- What the Glue job loads: one row per key and run, deleted again when the run is published.
-- COPY of Parquet is positional: run_id first, observed_on (the business date) second, the rest in this order.
-- Listings and sales are spread by listing_id, as the facts are, so that merging needs no redistribution.
CREATE TABLE staging.tickit_users (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    user_id INTEGER NOT NULL ENCODE AZ64,
    city VARCHAR(30) ENCODE ZSTD,
    state VARCHAR(2) ENCODE ZSTD,
    likes_sports BOOLEAN ENCODE RAW,
    likes_theatre BOOLEAN ENCODE RAW,
    likes_concerts BOOLEAN ENCODE RAW,
    likes_jazz BOOLEAN ENCODE RAW,
    likes_classical BOOLEAN ENCODE RAW,
    likes_opera BOOLEAN ENCODE RAW,
    likes_rock BOOLEAN ENCODE RAW,
    likes_vegas BOOLEAN ENCODE RAW,
    likes_broadway BOOLEAN ENCODE RAW,
    likes_musicals BOOLEAN ENCODE RAW,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE EVEN
SORTKEY (run_id);

-- Personal data.
CREATE TABLE staging.tickit_user_contacts (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    user_id INTEGER NOT NULL ENCODE AZ64,
    username VARCHAR(8) ENCODE ZSTD,
    first_name VARCHAR(30) ENCODE ZSTD,
    last_name VARCHAR(30) ENCODE ZSTD,
    email VARCHAR(100) ENCODE ZSTD,
    phone VARCHAR(14) ENCODE ZSTD,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE KEY
DISTKEY (user_id)
SORTKEY (run_id);

CREATE TABLE staging.tickit_venues (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    venue_id INTEGER NOT NULL ENCODE AZ64,
    name VARCHAR(100) ENCODE ZSTD,
    city VARCHAR(30) ENCODE ZSTD,
    state VARCHAR(2) ENCODE ZSTD,
    country VARCHAR(2) ENCODE ZSTD,
    seats INTEGER ENCODE AZ64,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE EVEN
SORTKEY (run_id);

CREATE TABLE staging.tickit_categories (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    category_id INTEGER NOT NULL ENCODE AZ64,
    category_group VARCHAR(10) ENCODE ZSTD,
    name VARCHAR(10) ENCODE ZSTD,
    long_name VARCHAR(50) ENCODE ZSTD,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE EVEN
SORTKEY (run_id);

CREATE TABLE staging.tickit_dates (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    date_id INTEGER NOT NULL ENCODE AZ64,
    date_key INTEGER NOT NULL ENCODE AZ64,
    calendar_date DATE NOT NULL ENCODE AZ64,
    is_holiday BOOLEAN ENCODE RAW,
    sent_weekday VARCHAR(3) ENCODE ZSTD,
    sent_week INTEGER ENCODE AZ64,
    sent_month VARCHAR(5) ENCODE ZSTD,
    sent_quarter VARCHAR(5) ENCODE ZSTD,
    sent_year INTEGER ENCODE AZ64,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE EVEN
SORTKEY (run_id);

CREATE TABLE staging.tickit_events (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    event_id INTEGER NOT NULL ENCODE AZ64,
    name VARCHAR(200) ENCODE ZSTD,
    venue_id INTEGER ENCODE AZ64,
    category_id INTEGER ENCODE AZ64,
    event_date_key INTEGER NOT NULL ENCODE AZ64,
    event_date DATE ENCODE AZ64,
    start_local_at TIMESTAMP ENCODE AZ64,
    is_day_corrected BOOLEAN ENCODE RAW,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE EVEN
SORTKEY (run_id);

CREATE TABLE staging.tickit_listings (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    listing_id INTEGER NOT NULL ENCODE AZ64,
    event_id INTEGER NOT NULL ENCODE AZ64,
    seller_id INTEGER NOT NULL ENCODE AZ64,
    listing_date_key INTEGER NOT NULL ENCODE AZ64,
    listing_date DATE ENCODE AZ64,
    ticket_count INTEGER NOT NULL ENCODE AZ64,
    price_per_ticket DECIMAL(8,2) NOT NULL ENCODE AZ64,
    total_price DECIMAL(8,2) NOT NULL ENCODE AZ64,
    listed_at TIMESTAMP ENCODE AZ64,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE KEY
DISTKEY (listing_id)
SORTKEY (run_id);

CREATE TABLE staging.tickit_sales (
    run_id VARCHAR(128) NOT NULL ENCODE RAW,
    observed_on DATE NOT NULL ENCODE AZ64,
    sale_id INTEGER NOT NULL ENCODE AZ64,
    listing_id INTEGER NOT NULL ENCODE AZ64,
    event_id INTEGER NOT NULL ENCODE AZ64,
    seller_id INTEGER NOT NULL ENCODE AZ64,
    buyer_id INTEGER NOT NULL ENCODE AZ64,
    sale_date_key INTEGER NOT NULL ENCODE AZ64,
    sale_date DATE ENCODE AZ64,
    quantity_sold INTEGER NOT NULL ENCODE AZ64,
    price_paid DECIMAL(8,2) NOT NULL ENCODE AZ64,
    commission DECIMAL(8,2) NOT NULL ENCODE AZ64,
    sold_at TIMESTAMP ENCODE AZ64,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD
)
DISTSTYLE KEY
DISTKEY (listing_id)
SORTKEY (run_id);
