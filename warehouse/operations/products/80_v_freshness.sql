-- How fresh is each star? One row per pipeline that has run.
-- run_date: Latest published business date; null if the pipeline never published
-- published_at: When rows last became visible to readers
-- last_business_date: Latest business date of a run, published or not
-- last_success_at: When a run last succeeded; a run whose source is unchanged publishes nothing
-- last_failure_at: When a run last failed, without the runs that were repeated and succeeded
-- days_behind: Days from the run date to today, UTC
-- hours_since_publication: Hours since the last publication
CREATE VIEW operations.v_freshness AS
SELECT
    r.pipeline,
    d.run_date,
    MAX(r.published_at) AS published_at,
    MAX(r.business_date) AS last_business_date,
    MAX(CASE WHEN r.status = 'succeeded' THEN r.finished_at END) AS last_success_at,
    MAX(CASE WHEN r.status = 'failed' THEN r.finished_at END) AS last_failure_at,
    CAST(DATEDIFF(DAY, d.run_date, CAST(GETDATE() AS DATE)) AS BIGINT) AS days_behind,
    CAST(DATEDIFF(MINUTE, MAX(r.published_at), GETDATE()) / 60.0 AS DECIMAL(12, 2)) AS hours_since_publication
FROM etl.runs AS r
LEFT JOIN etl.run_dates AS d ON r.pipeline = d.pipeline
GROUP BY r.pipeline, d.run_date;
