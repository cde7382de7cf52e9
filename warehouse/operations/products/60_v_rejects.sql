-- What was quarantined, and why? One row per run, entity and reason; a run without rejected records has no row.
CREATE VIEW operations.v_rejects AS
SELECT
    q.run_id,
    r.pipeline,
    r.business_date,
    q.entity,
    q.reason,
    q.quarantined_records,
    q.recorded_at
FROM etl.rejects AS q
INNER JOIN etl.runs AS r ON q.run_id = r.run_id;
