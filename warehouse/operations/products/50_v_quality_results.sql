-- Which quality rules failed? One row per run, phase and rule.
-- severity_sort: 1 CRITICAL, 2 HIGH, 3 MEDIUM, 4 LOW
-- failed_share: Failed rows as a share of the checked ones, 0 to 1; null if no rows were checked
CREATE VIEW operations.v_quality_results AS
SELECT
    q.run_id,
    r.pipeline,
    r.business_date,
    q.phase,
    q.rule_name,
    q.table_name,
    q.severity,
    CAST(
        CASE q.severity WHEN 'CRITICAL' THEN 1 WHEN 'HIGH' THEN 2 WHEN 'MEDIUM' THEN 3 ELSE 4 END AS BIGINT
    ) AS severity_sort,
    q.passed,
    q.failed_rows,
    q.total_rows,
    CAST(CAST(q.failed_rows AS DECIMAL(18, 6)) / NULLIF(q.total_rows, 0) AS DECIMAL(18, 6)) AS failed_share,
    q.checked_at
FROM etl.data_quality_results AS q
INNER JOIN etl.runs AS r ON q.run_id = r.run_id;
