-- An example of the drift: its first record.
ALTER TABLE etl.schema_drift ADD COLUMN example_uri VARCHAR(4000) ENCODE ZSTD;
ALTER TABLE etl.schema_drift ADD COLUMN example_index BIGINT ENCODE AZ64;

COMMENT ON TABLE etl.schema_drift IS 'Fields that are not as their contract has them, per run, entity, path and kind';
COMMENT ON COLUMN etl.schema_drift.field_path
IS 'JSON path in the records of the entity, list indexes left out; for kind gone: table.column';
COMMENT ON COLUMN etl.schema_drift.kind
IS 'new field; retyped; missing or null where a value must be; discarded: made null; gone: had values the day before';
COMMENT ON COLUMN etl.schema_drift.occurrences IS 'Records that show it; for kind gone: rows without a value';
COMMENT ON COLUMN etl.schema_drift.example_uri IS 'Raw object of the first record that shows it';
COMMENT ON COLUMN etl.schema_drift.example_index IS 'Place of that record in the raw object, from 0';
