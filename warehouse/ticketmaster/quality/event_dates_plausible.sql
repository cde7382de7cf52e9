-- name: event_dates_plausible
-- severity: HIGH
-- table: staging.ticketmaster_events
-- phase: staged
-- max_failed_share: 0.01
-- description: Start dates lie between 2000 and ten years after the run, and agree with their date key.
SELECT
    SUM(CASE
        WHEN
            start_date < CAST('2000-01-01' AS DATE)
            OR start_date > DATEADD(YEAR, 10, v_day)
            OR start_date_key <> COALESCE(CAST(TO_CHAR(start_date, 'YYYYMMDD') AS INTEGER), 0) THEN 1
        ELSE 0
    END) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.ticketmaster_events
WHERE run_id = p_run_id
