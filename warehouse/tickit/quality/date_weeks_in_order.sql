-- name: date_weeks_in_order
-- severity: LOW
-- table: staging.tickit_dates
-- phase: staged
-- max_failed_share: 0.01
-- description: Weeks as sent do not run backwards; 31 October 2008, a week ahead, is counted.
SELECT
    SUM(CASE WHEN next_week < sent_week AND next_year = sent_year THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT
        sent_week,
        sent_year,
        LEAD(sent_week, 1) OVER (ORDER BY calendar_date) AS next_week,
        LEAD(sent_year, 1) OVER (ORDER BY calendar_date) AS next_year
    FROM staging.tickit_dates
    WHERE run_id = p_run_id
) AS weeks
