-- name: observed_on_business_date
-- severity: CRITICAL
-- table: staging.ticketmaster_events
-- phase: staged
-- description: Freshness: everything staged was observed on the run's business date.
SELECT
    SUM(CASE WHEN observed_on <> v_day THEN 1 ELSE 0 END) AS failed_rows,
    COUNT(*) AS total_rows
FROM (
    SELECT observed_on FROM staging.ticketmaster_events WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.ticketmaster_venues WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.ticketmaster_attractions WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.ticketmaster_classifications WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.ticketmaster_markets WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.ticketmaster_venue_markets WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.ticketmaster_event_attractions WHERE run_id = p_run_id
    UNION ALL
    SELECT observed_on FROM staging.ticketmaster_event_classifications WHERE run_id = p_run_id
) AS staged
