-- description: Completeness: of the records that the source said there are, none is missing, and how many is known.
SELECT
    -- When the residual is unknown, all that the source reported counts as missing.
    COALESCE(SUM(COALESCE(residual_records, said_records)), 0) AS failed_rows,
    COALESCE(SUM(said_records), 0) AS total_rows
FROM etl.run_tables
WHERE run_id = p_run_id AND layer = 'raw'{{ " AND table_name = '%s'" % entity if entity }}
