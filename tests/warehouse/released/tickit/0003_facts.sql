-- Both facts are spread by listing, so that a sale meets its listing where it lies, and sorted by their day.
-- A listing or sale whose event, venue, category or user is unknown points to member 0 and keeps the id that it names.
-- Grain: one row per listing.
CREATE TABLE tickit.fact_listings (
    listing_id INTEGER NOT NULL ENCODE AZ64,
    event_sk BIGINT NOT NULL ENCODE AZ64,
    venue_sk BIGINT NOT NULL ENCODE AZ64,
    category_sk BIGINT NOT NULL ENCODE AZ64,
    seller_sk BIGINT NOT NULL ENCODE AZ64,
    listing_date_key INTEGER NOT NULL ENCODE RAW,
    event_date_key INTEGER NOT NULL ENCODE AZ64,
    event_id INTEGER NOT NULL ENCODE AZ64,
    venue_id INTEGER ENCODE AZ64,
    seller_id INTEGER NOT NULL ENCODE AZ64,
    ticket_count INTEGER NOT NULL ENCODE AZ64,
    price_per_ticket DECIMAL(8,2) NOT NULL ENCODE AZ64,
    total_price DECIMAL(8,2) NOT NULL ENCODE AZ64,
    listed_at TIMESTAMP ENCODE AZ64,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD,
    run_id VARCHAR(128) NOT NULL ENCODE ZSTD,
    PRIMARY KEY (listing_id),
    FOREIGN KEY (event_sk) REFERENCES tickit.dim_event (event_sk),
    FOREIGN KEY (venue_sk) REFERENCES tickit.dim_venue (venue_sk),
    FOREIGN KEY (category_sk) REFERENCES tickit.dim_category (category_sk),
    FOREIGN KEY (seller_sk) REFERENCES tickit.dim_user (user_sk),
    FOREIGN KEY (listing_date_key) REFERENCES common.dim_date (date_key),
    FOREIGN KEY (event_date_key) REFERENCES common.dim_date (date_key)
)
DISTSTYLE KEY
DISTKEY (listing_id)
SORTKEY (listing_date_key);

-- Grain: one row per sale.
CREATE TABLE tickit.fact_sales (
    sale_id INTEGER NOT NULL ENCODE AZ64,
    listing_id INTEGER NOT NULL ENCODE AZ64,
    event_sk BIGINT NOT NULL ENCODE AZ64,
    venue_sk BIGINT NOT NULL ENCODE AZ64,
    category_sk BIGINT NOT NULL ENCODE AZ64,
    seller_sk BIGINT NOT NULL ENCODE AZ64,
    buyer_sk BIGINT NOT NULL ENCODE AZ64,
    sale_date_key INTEGER NOT NULL ENCODE RAW,
    event_date_key INTEGER NOT NULL ENCODE AZ64,
    event_id INTEGER NOT NULL ENCODE AZ64,
    venue_id INTEGER ENCODE AZ64,
    seller_id INTEGER NOT NULL ENCODE AZ64,
    buyer_id INTEGER NOT NULL ENCODE AZ64,
    quantity_sold INTEGER NOT NULL ENCODE AZ64,
    price_paid DECIMAL(8,2) NOT NULL ENCODE AZ64,
    commission DECIMAL(8,2) NOT NULL ENCODE AZ64,
    sold_at TIMESTAMP ENCODE AZ64,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD,
    run_id VARCHAR(128) NOT NULL ENCODE ZSTD,
    PRIMARY KEY (sale_id),
    FOREIGN KEY (event_sk) REFERENCES tickit.dim_event (event_sk),
    FOREIGN KEY (venue_sk) REFERENCES tickit.dim_venue (venue_sk),
    FOREIGN KEY (category_sk) REFERENCES tickit.dim_category (category_sk),
    FOREIGN KEY (seller_sk) REFERENCES tickit.dim_user (user_sk),
    FOREIGN KEY (buyer_sk) REFERENCES tickit.dim_user (user_sk),
    FOREIGN KEY (sale_date_key) REFERENCES common.dim_date (date_key),
    FOREIGN KEY (event_date_key) REFERENCES common.dim_date (date_key)
)
DISTSTYLE KEY
DISTKEY (listing_id)
SORTKEY (sale_date_key);
