-- Why a value was discarded, without the value itself. The example record has the value.
ALTER TABLE etl.schema_drift ADD COLUMN reason VARCHAR(2000) ENCODE ZSTD;

COMMENT ON COLUMN etl.schema_drift.field_path
IS 'JSON path in the records, list indexes left out; where only the column refuses a value, and for gone: table.column';
COMMENT ON COLUMN etl.schema_drift.kind
IS 'new field; retyped; missing or null where a value must be; discarded: set aside; gone: had values the day before';
COMMENT ON COLUMN etl.schema_drift.reason IS 'Why the value of the first record was set aside; null for other kinds';
