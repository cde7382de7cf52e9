-- Which of the starts that were sent is believed, and what contradicts it; which type of prices the two prices are of.
ALTER TABLE staging.ticketmaster_events ADD COLUMN start_source VARCHAR(64) ENCODE ZSTD;
ALTER TABLE staging.ticketmaster_events ADD COLUMN start_conflict VARCHAR(64) ENCODE ZSTD;
ALTER TABLE staging.ticketmaster_events ADD COLUMN price_type VARCHAR(256) ENCODE ZSTD;
ALTER TABLE ticketmaster.fact_event_snapshots ADD COLUMN start_source VARCHAR(64) ENCODE ZSTD;
ALTER TABLE ticketmaster.fact_event_snapshots ADD COLUMN start_conflict VARCHAR(64) ENCODE ZSTD;
ALTER TABLE ticketmaster.fact_event_snapshots ADD COLUMN price_type VARCHAR(256) ENCODE ZSTD;
ALTER TABLE ticketmaster.fact_events ADD COLUMN start_source VARCHAR(64) ENCODE ZSTD;
ALTER TABLE ticketmaster.fact_events ADD COLUMN start_conflict VARCHAR(64) ENCODE ZSTD;
ALTER TABLE ticketmaster.fact_events ADD COLUMN price_type VARCHAR(256) ENCODE ZSTD;

-- The days observed, and how far into the future each looked: what an event that is no longer shown means depends on it.
CREATE TABLE ticketmaster.observed_days (
    observed_on DATE NOT NULL ENCODE RAW,
    observed_to DATE NOT NULL ENCODE AZ64,
    PRIMARY KEY (observed_on)
)
DISTSTYLE ALL
SORTKEY (observed_on);

INSERT INTO ticketmaster.observed_days (observed_on, observed_to)
SELECT DISTINCT
    business_date,
    CAST('9999-12-31' AS DATE)
FROM etl.runs
WHERE pipeline = 'ticketmaster_daily' AND published_at IS NOT NULL;

COMMENT ON TABLE ticketmaster.observed_days IS 'One row per day observed, with the end of its observation window';
COMMENT ON COLUMN ticketmaster.observed_days.observed_on IS 'Day (UTC business date) that was observed';
COMMENT ON COLUMN ticketmaster.observed_days.observed_to
IS 'Day (UTC) on which its window ends, exclusive; 9999-12-31 when nobody knows';

-- The first later day that should have shown an event and did not. Until now that was any later day before its own.
ALTER TABLE ticketmaster.fact_events ADD COLUMN withdrawn_on DATE ENCODE AZ64;

UPDATE ticketmaster.fact_events
SET withdrawn_on = days.next_observed_on
FROM (
    SELECT
        observed_on,
        LEAD(observed_on) OVER (ORDER BY observed_on) AS next_observed_on
    FROM ticketmaster.observed_days
) AS days
WHERE
    fact_events.last_seen_on = days.observed_on
    AND days.next_observed_on IS NOT NULL
    AND (fact_events.start_date IS NULL OR days.next_observed_on < fact_events.start_date);
