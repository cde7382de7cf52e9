-- A run whose source is unchanged loads nothing: the rows that the other run published stay valid.
ALTER TABLE etl.runs ADD COLUMN same_as VARCHAR(128) ENCODE ZSTD;

COMMENT ON COLUMN etl.runs.same_as
IS 'Run that had loaded the source as this one found it, so that there was nothing to load; else null';
