-- severity: MEDIUM
SELECT
    COALESCE(SUM({{ kind }}_records), 0) AS failed_rows,
    COALESCE(SUM(raw_records), 0) AS total_rows
FROM etl.run_tables
WHERE run_id = p_run_id AND layer = 'raw'
