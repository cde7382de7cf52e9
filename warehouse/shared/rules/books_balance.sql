-- description: Per raw entity: raw = curated + quarantined + duplicate; each different record landed is curated or quarantined; what the source said is what validation read, or is named as residual; the books exist.
SELECT
    COALESCE(SUM(
        CASE
            WHEN
                raw_records
                <> COALESCE(curated_records, 0) + COALESCE(quarantined_records, 0) + COALESCE(duplicate_records, 0)
                THEN 1
            -- Distinct records are counted while fetching, so this shows what validation loses on both sides of the
            -- first equation. It is no equation: a record that is landed twice may be quarantined twice.
            WHEN distinct_records > COALESCE(curated_records, 0) + COALESCE(quarantined_records, 0) THEN 1
            WHEN distinct_records < COALESCE(curated_records, 0) THEN 1
{% if "fetched" in compares %}
            WHEN said_records > COALESCE(got_records, 0) + COALESCE(residual_records, 0) THEN 1
{% endif %}
{% if "validated" in compares %}
            -- Two programs count: the one that fetches or cuts, and the one that validates. A record that the second
            -- one skips is missing on both sides of the first equation, and shows here only.
            WHEN COALESCE(said_records, -1) <> COALESCE(raw_records, 0) + COALESCE(residual_records, 0) THEN 1
{% endif %}
            ELSE 0
        END
    ), 0) + {{ "ABS(%d - COUNT(*))" % entities if entities else "CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END" }} AS failed_rows,
    {{ entities or "COUNT(*)" }} AS total_rows
FROM etl.run_tables
WHERE run_id = p_run_id AND layer = 'raw'
