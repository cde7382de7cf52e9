-- name: date_weeks_begin_saturday
-- severity: LOW
-- table: staging.tickit_dates
-- phase: staged
-- max_failed_share: 0.01
-- description: A week as sent begins on the day that is sent as Saturday. 31 October 2008, which is a week ahead, and the day after are counted as failed.
SELECT
    SUM(
        CASE WHEN former_year = sent_year AND (former_week <> sent_week) <> (sent_weekday = 'SA') THEN 1 ELSE 0 END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT
        sent_weekday,
        sent_week,
        sent_year,
        LAG(sent_week, 1) OVER (ORDER BY calendar_date) AS former_week,
        LAG(sent_year, 1) OVER (ORDER BY calendar_date) AS former_year
    FROM staging.tickit_dates
    WHERE run_id = p_run_id
) AS weeks
