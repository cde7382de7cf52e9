-- Facts, dimensions and data products, but not `user_contacts`: analysts see names, addresses and telephone numbers
-- only in the masked view.
GRANT USAGE ON SCHEMA tickit TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.fact_sales TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.fact_listings TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.dim_user TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.dim_venue TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.dim_category TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.dim_event TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.v_sales TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.v_users_masked TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.mv_sales_by_month TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.mv_sales_by_region TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.mv_sales_by_event TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.mv_sellers TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.mv_listing_sell_through TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.v_venues TO ROLE data_analysts;
GRANT SELECT ON TABLE tickit.v_events TO ROLE data_analysts;
