-- Problems of a run that did not fail it.
ALTER TABLE etl.runs ADD COLUMN warnings VARCHAR(4000) ENCODE ZSTD;

COMMENT ON COLUMN etl.runs.warnings
IS 'What went wrong without failing the run, a line for each task that warned; else null';
