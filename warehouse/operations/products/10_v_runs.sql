-- How did each run go? One row per run, with the sums of its raw entities.
-- Error messages and warnings are in the ledger only, because they may quote a value.
-- is_published: Whether its rows are visible to readers
-- is_unchanged: Whether its source was unchanged, so that it loaded nothing
-- has_warnings: Whether a task had a warning that did not fail the run
-- duration_seconds: Seconds from its first start to its last end, with the pauses between DAG runs; null while running
-- work_seconds: Sum of the seconds of its tasks, over all DAG runs; null until the run ends
-- publish_delay_hours: Hours from the start of the business date (UTC) to the publication; null if not published
-- said_records: Records that the source reported
-- got_records: Different records landed: said = got + residual
-- residual_records: Records that the source reported and that could not be fetched
-- raw_records: Records landed = curated + quarantined + duplicate
-- curated_records: Rows in the entities' own curated tables
-- quarantined_records: Records rejected
-- duplicate_records: Records whose key an earlier record of the run has
CREATE VIEW operations.v_runs AS
SELECT
    r.run_id,
    r.pipeline,
    r.business_date,
    r.status,
    r.published_at IS NOT NULL AS is_published,
    r.same_as IS NOT NULL AS is_unchanged,
    r.warnings IS NOT NULL AS has_warnings,
    r.started_at,
    r.finished_at,
    r.published_at,
    CAST(DATEDIFF(SECOND, r.started_at, r.finished_at) AS BIGINT) AS duration_seconds,
    w.work_seconds,
    CAST(DATEDIFF(MINUTE, CAST(r.business_date AS TIMESTAMP), r.published_at) / 60.0 AS DECIMAL(12, 2))
        AS publish_delay_hours,
    r.failed_task,
    r.quality_score,
    t.said_records,
    t.got_records,
    t.residual_records,
    t.raw_records,
    t.curated_records,
    t.quarantined_records,
    t.duplicate_records,
    r.requests
FROM etl.runs AS r
LEFT JOIN (
    SELECT
        run_id,
        CAST(SUM(said_records) AS BIGINT) AS said_records,
        CAST(SUM(got_records) AS BIGINT) AS got_records,
        CAST(SUM(residual_records) AS BIGINT) AS residual_records,
        CAST(SUM(raw_records) AS BIGINT) AS raw_records,
        CAST(SUM(curated_records) AS BIGINT) AS curated_records,
        CAST(SUM(quarantined_records) AS BIGINT) AS quarantined_records,
        CAST(SUM(duplicate_records) AS BIGINT) AS duplicate_records
    FROM etl.run_tables
    WHERE layer = 'raw'
    GROUP BY run_id
) AS t ON r.run_id = t.run_id
LEFT JOIN (
    SELECT run_id, CAST(SUM(work_seconds) AS DECIMAL(14, 3)) AS work_seconds
    FROM etl.run_steps
    GROUP BY run_id
) AS w ON r.run_id = w.run_id;
