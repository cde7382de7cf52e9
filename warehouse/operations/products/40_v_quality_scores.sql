-- How does the quality score develop? One row per run and phase.
-- rules: Quality rules that ran
-- failed_rules: Rules among them that failed
CREATE VIEW operations.v_quality_scores AS
SELECT
    s.run_id,
    r.pipeline,
    r.business_date,
    s.phase,
    s.score,
    s.gate,
    s.passed,
    q.rules,
    q.failed_rules,
    s.checked_at
FROM etl.quality_scores AS s
INNER JOIN etl.runs AS r ON s.run_id = r.run_id
LEFT JOIN (
    SELECT
        run_id,
        phase,
        COUNT(*) AS rules,
        SUM(CASE WHEN passed THEN 0 ELSE 1 END) AS failed_rules
    FROM etl.data_quality_results
    GROUP BY run_id, phase
) AS q ON s.run_id = q.run_id AND s.phase = q.phase;
