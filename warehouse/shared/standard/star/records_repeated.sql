-- name: records_repeated
-- severity: MEDIUM
-- table: etl.run_tables
-- phase: staged
-- max_failed_share: 0.005
-- description: Of the records landed, at most 5 in 1,000 repeat another one, with the same content: those with other content are in quarantine.
SELECT
    COALESCE(SUM(duplicate_records), 0) AS failed_rows,
    COALESCE(SUM(raw_records), 0) AS total_rows
FROM etl.run_tables
WHERE run_id = p_run_id AND layer = 'raw'
