-- name: date_claims_agree
-- severity: LOW
-- table: staging.tickit_dates
-- phase: staged
-- max_failed_share: 0.2
-- description: Weekday, month, quarter and year as sent agree with the day. The 59 days up to 28 February 2008, whose weekday is one day late, are counted as failed; no value is derived from them.
SELECT
    SUM(
        CASE
            WHEN
                COALESCE(s.sent_weekday <> UPPER(LEFT(d.weekday, 2)), TRUE)
                OR COALESCE(s.sent_month <> UPPER(LEFT(d.month_name, 3)), TRUE)
                OR COALESCE(s.sent_quarter <> CAST(d.quarter AS VARCHAR(5)), TRUE)
                OR COALESCE(s.sent_year <> d.year, TRUE)
                THEN 1
            ELSE 0
        END
    ) AS failed_rows,
    COUNT(*) AS total_rows
FROM staging.tickit_dates AS s
LEFT JOIN common.dim_date AS d ON s.date_key = d.date_key
WHERE s.run_id = p_run_id
