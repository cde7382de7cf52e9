-- Do the counts add up? One row per run, layer and table.
-- is_balanced: Whether all three differences are 0; a difference that does not apply counts as 0
-- unexplained_records: said - got - residual
-- lost_records: raw - curated - quarantined - duplicate
-- lost_rows: staged - inserted - versioned - unchanged
CREATE VIEW operations.v_reconciliation AS
SELECT
    run_id,
    pipeline,
    business_date,
    layer,
    table_name,
    (COALESCE(unexplained_records, 0) = 0 AND COALESCE(lost_records, 0) = 0 AND COALESCE(lost_rows, 0) = 0)
        AS is_balanced,
    said_records,
    got_records,
    residual_records,
    unexplained_records,
    raw_records,
    distinct_records,
    curated_records,
    quarantined_records,
    duplicate_records,
    lost_records,
    derived_records,
    staged_rows,
    inserted_rows,
    versioned_rows,
    unchanged_rows,
    deleted_rows,
    lost_rows,
    recorded_at
FROM (
    SELECT
        run_id,
        pipeline,
        business_date,
        layer,
        table_name,
        said_records,
        got_records,
        residual_records,
        said_records - got_records - residual_records AS unexplained_records,
        raw_records,
        distinct_records,
        curated_records,
        quarantined_records,
        duplicate_records,
        raw_records - curated_records - quarantined_records - duplicate_records AS lost_records,
        derived_records,
        staged_rows,
        inserted_rows,
        versioned_rows,
        unchanged_rows,
        deleted_rows,
        staged_rows - inserted_rows - versioned_rows - unchanged_rows AS lost_rows,
        recorded_at
    FROM etl.run_tables
) AS counted;
