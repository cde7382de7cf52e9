-- How does what the sources send differ from the contracts? One row per run, entity, field and kind of drift.
CREATE VIEW operations.v_schema_drift AS
SELECT
    d.run_id,
    r.pipeline,
    r.business_date,
    d.entity,
    d.kind,
    d.field_path,
    d.occurrences,
    d.seen_at
FROM etl.schema_drift AS d
INNER JOIN etl.runs AS r ON d.run_id = r.run_id;
