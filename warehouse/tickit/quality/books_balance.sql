-- name: books_balance
-- severity: CRITICAL
-- table: etl.run_tables
-- phase: staged
-- description: Per raw entity: raw = curated + quarantined + duplicate; each different record landed is curated or quarantined; what the files hold, as counted where they are cut, is what validation read, or is named as residual; the books of all seven exist.
SELECT
    COALESCE(SUM(
        CASE
            WHEN
                raw_records
                <> COALESCE(curated_records, 0) + COALESCE(quarantined_records, 0) + COALESCE(duplicate_records, 0)
                THEN 1
            WHEN distinct_records > COALESCE(curated_records, 0) + COALESCE(quarantined_records, 0) THEN 1
            WHEN distinct_records < COALESCE(curated_records, 0) THEN 1
            WHEN said_records > COALESCE(got_records, 0) + COALESCE(residual_records, 0) THEN 1
            -- Two programs count: the one that cuts the files, and the one that reads the parts. What a reader passes
            -- over is on both sides of the first equation, and shows here only.
            WHEN COALESCE(said_records, -1) <> COALESCE(raw_records, 0) + COALESCE(residual_records, 0) THEN 1
            ELSE 0
        END
    ), 0) + ABS(7 - COUNT(*)) AS failed_rows,
    7 AS total_rows
FROM etl.run_tables
WHERE run_id = p_run_id AND layer = 'raw'
