-- description: Completeness: no record that the source reported is missing, and the number of records is known.
SELECT
    -- If the residual is unknown, all records that the source reported count as missing.
    COALESCE(SUM(COALESCE(residual_records, said_records)), 0) AS failed_rows,
    COALESCE(SUM(said_records), 0) AS total_rows
FROM etl.run_tables
WHERE run_id = p_run_id AND layer = 'raw'{{ " AND table_name = '%s'" % entity if entity }}
