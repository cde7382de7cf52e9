-- The source's own calendar, with what it claims of each day. Facts join common.dim_date, whose claims are derived.
CREATE TABLE tickit.source_dates (
    date_id INTEGER NOT NULL ENCODE RAW,
    date_key INTEGER NOT NULL ENCODE AZ64,
    calendar_date DATE NOT NULL ENCODE AZ64,
    is_holiday BOOLEAN ENCODE RAW,
    sent_weekday VARCHAR(3) ENCODE ZSTD,
    sent_week INTEGER ENCODE AZ64,
    sent_month VARCHAR(5) ENCODE ZSTD,
    sent_quarter VARCHAR(5) ENCODE ZSTD,
    sent_year INTEGER ENCODE AZ64,
    row_hash VARCHAR(64) NOT NULL ENCODE ZSTD,
    PRIMARY KEY (date_id),
    FOREIGN KEY (date_key) REFERENCES common.dim_date (date_key)
)
DISTSTYLE ALL
SORTKEY (date_id);
