-- Facts, dimensions and data products, but not the observations that they are derived from.
GRANT USAGE ON SCHEMA ticketmaster TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.fact_events TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.fact_event_snapshots TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.dim_venue TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.dim_attraction TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.dim_classification TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.dim_market TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.bridge_event_attraction TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.bridge_event_classification TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.bridge_venue_market TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.event_summary TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.v_events TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.mv_events_by_date_venue TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.mv_events_by_attraction TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.mv_monthly_summary TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.mv_venue_activity TO ROLE data_analysts;
GRANT SELECT ON TABLE ticketmaster.mv_events_by_hour_weekday TO ROLE data_analysts;
