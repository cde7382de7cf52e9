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
