-- name: books_balance
-- severity: CRITICAL
-- table: etl.run_tables
-- phase: staged
-- description: Per raw entity: raw = curated + quarantined + duplicate; each different record landed is curated or quarantined; what the source said is what validation read, or is named as residual; the books exist.
SELECT
    COALESCE(SUM(
        CASE
            WHEN
                raw_records
                <> COALESCE(curated_records, 0) + COALESCE(quarantined_records, 0) + COALESCE(duplicate_records, 0)
                THEN 1
            WHEN distinct_records > COALESCE(curated_records, 0) + COALESCE(quarantined_records, 0) THEN 1
            WHEN distinct_records < COALESCE(curated_records, 0) THEN 1
            WHEN COALESCE(said_records, -1) <> COALESCE(raw_records, 0) + COALESCE(residual_records, 0) THEN 1
            ELSE 0
        END
    ), 0) + CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END AS failed_rows,
    COUNT(*) AS total_rows
FROM etl.run_tables
WHERE run_id = p_run_id AND layer = 'raw'
