-- description: Per table of the star: staged = inserted + versioned + unchanged, and no count is negative.
SELECT
    SUM(
        CASE
            WHEN staged_rows <> inserted_rows + versioned_rows + unchanged_rows THEN 1
            WHEN inserted_rows < 0 OR versioned_rows < 0 OR unchanged_rows < 0 OR deleted_rows < 0 THEN 1
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM etl.run_tables
WHERE run_id = p_run_id AND layer = 'star'
