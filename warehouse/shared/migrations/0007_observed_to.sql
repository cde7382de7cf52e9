-- A source that is observed in part: what a day did not show beyond its window may be there all the same.
ALTER TABLE etl.runs ADD COLUMN observed_to DATE ENCODE AZ64;

COMMENT ON COLUMN etl.runs.observed_to
IS 'Day (UTC) on which the observation window ends, exclusive; null when all days were observed, or nobody knows';
