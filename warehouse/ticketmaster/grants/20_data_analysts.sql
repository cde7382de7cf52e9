-- Facts, dimensions and data products; not the observations that they are made of.
GRANT USAGE ON SCHEMA ticketmaster TO ROLE data_analysts;
GRANT SELECT ON TABLE
    ticketmaster.fact_events,
    ticketmaster.fact_event_snapshots,
    ticketmaster.dim_venue,
    ticketmaster.dim_attraction,
    ticketmaster.dim_classification,
    ticketmaster.dim_market,
    ticketmaster.bridge_event_attraction,
    ticketmaster.bridge_event_classification,
    ticketmaster.bridge_venue_market,
    ticketmaster.event_summary,
    ticketmaster.v_events,
    ticketmaster.mv_events_by_date_venue,
    ticketmaster.mv_events_by_attraction,
    ticketmaster.mv_monthly_summary,
    ticketmaster.mv_venue_activity,
    ticketmaster.mv_events_by_hour_weekday
TO ROLE data_analysts;
