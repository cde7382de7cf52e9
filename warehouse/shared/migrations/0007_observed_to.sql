-- A day may observe only a part of its source: a record beyond the observation window may exist without being shown.
ALTER TABLE etl.runs ADD COLUMN observed_to DATE ENCODE AZ64;

COMMENT ON COLUMN etl.runs.observed_to
IS 'Day (UTC) on which the observation window ends, exclusive; null when all days were observed, or nobody knows';
