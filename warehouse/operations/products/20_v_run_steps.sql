-- How long does each step of a run take? One row per run and step, over all DAG runs of the run.
-- Rows are written when a DAG run ends. The last step, which closes the run, has no row.
-- stage: Stage of the step, with a digit so that it sorts
-- stage_sort: 1 for the first stage; 9 for steps of no known stage
-- dag_runs: DAG runs that finished the step
-- tasks: Tasks that ended; a step has one task, or one per entity
-- failed_tasks: Tasks among them that failed
-- work_seconds: Sum of the seconds of those tasks, each of its last attempt
-- longest_seconds: Seconds of the longest of those tasks
CREATE VIEW operations.v_run_steps AS
SELECT
    run_id,
    pipeline,
    business_date,
    step,
    CASE stage_sort
        WHEN 1 THEN '1 Open'
        WHEN 2 THEN '2 Extract'
        WHEN 3 THEN '3 Validate'
        WHEN 4 THEN '4 Crawl'
        WHEN 5 THEN '5 Build'
        WHEN 6 THEN '6 Audit'
        WHEN 7 THEN '7 Publish'
        WHEN 8 THEN '8 Refresh'
        ELSE '9 Other'
    END AS stage,
    CAST(stage_sort AS BIGINT) AS stage_sort,
    dag_runs,
    tasks,
    failed_tasks,
    work_seconds,
    longest_seconds
FROM (
    SELECT
        s.run_id,
        r.pipeline,
        r.business_date,
        s.step,
        CASE
            WHEN s.step = 'open_run' THEN 1
            WHEN s.step IN ('extract', 'has_changed') THEN 2
            WHEN s.step = 'validate' THEN 3
            WHEN s.step LIKE 'crawl%' THEN 4
            WHEN s.step = 'build_star' THEN 5
            WHEN s.step = 'audit' THEN 6
            WHEN s.step = 'publish' THEN 7
            WHEN s.step = 'refresh' THEN 8
            ELSE 9
        END AS stage_sort,
        COUNT(*) AS dag_runs,
        CAST(SUM(s.tasks) AS BIGINT) AS tasks,
        CAST(SUM(s.failed_tasks) AS BIGINT) AS failed_tasks,
        CAST(SUM(s.work_seconds) AS DECIMAL(14, 3)) AS work_seconds,
        MAX(s.longest_seconds) AS longest_seconds
    FROM etl.run_steps AS s
    INNER JOIN etl.runs AS r ON s.run_id = r.run_id
    GROUP BY s.run_id, r.pipeline, r.business_date, s.step
) AS steps;
