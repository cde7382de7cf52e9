-- The days of the star that a publication changed: its own and, if days are loaded out of order, others.
ALTER TABLE etl.runs ADD COLUMN touched_from DATE ENCODE AZ64;
ALTER TABLE etl.runs ADD COLUMN touched_to DATE ENCODE AZ64;

COMMENT ON COLUMN etl.runs.touched_from IS 'First observation day of which the latest publication changed a fact';
COMMENT ON COLUMN etl.runs.touched_to IS 'Last observation day of which the latest publication changed a fact';
