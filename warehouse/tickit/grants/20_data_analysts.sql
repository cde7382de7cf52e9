-- Facts, dimensions and data products. Not `user_contacts`: of names, addresses and telephone numbers analysts see
-- the masked view.
GRANT USAGE ON SCHEMA tickit TO ROLE data_analysts;
GRANT SELECT ON TABLE
    tickit.fact_sales,
    tickit.fact_listings,
    tickit.dim_user,
    tickit.dim_venue,
    tickit.dim_category,
    tickit.dim_event,
    tickit.v_sales,
    tickit.v_users_masked,
    tickit.mv_sales_by_month,
    tickit.mv_sales_by_region,
    tickit.mv_sales_by_event,
    tickit.mv_sellers,
    tickit.mv_listing_sell_through
TO ROLE data_analysts;
