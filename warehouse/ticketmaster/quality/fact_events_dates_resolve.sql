-- name: fact_events_dates_resolve
-- severity: CRITICAL
-- table: ticketmaster.fact_events
-- phase: star
-- description: Every date key of an event is in common.dim_date.
SELECT
    SUM(CASE WHEN d0.date_key IS NULL OR d1.date_key IS NULL OR d2.date_key IS NULL THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM ticketmaster.fact_events AS f
LEFT JOIN common.dim_date AS d0 ON f.start_date_key + 0 = d0.date_key
LEFT JOIN common.dim_date AS d1 ON f.first_seen_date_key + 0 = d1.date_key
LEFT JOIN common.dim_date AS d2 ON f.last_seen_date_key + 0 = d2.date_key
WHERE f.last_seen_on BETWEEN v_from AND v_to
