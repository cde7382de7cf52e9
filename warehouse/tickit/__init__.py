"""The star of a ticket resale: one row per sale, one per listing, and who, where, what and when."""

from warehouse.stars import Highlight, Star

STAR = Star(
    name="tickit",
    pipeline="tickit_load",
    staged=(
        "tickit_users",
        "tickit_user_contacts",
        "tickit_venues",
        "tickit_categories",
        "tickit_dates",
        "tickit_events",
        "tickit_listings",
        "tickit_sales",
    ),
    merge=(),
    tables=(
        "fact_sales",
        "fact_listings",
        "dim_user",
        "dim_venue",
        "dim_category",
        "dim_event",
        "user_contacts",
        "source_dates",
    ),
    highlights=(
        Highlight(
            "Best sellers by revenue, in US dollars",
            "SELECT revenue_rank AS rank, CAST(seller_id AS VARCHAR) AS seller, city, state, sales, tickets, "
            "revenue, commission FROM tickit.mv_sellers WHERE revenue_rank <= 10 "
            "ORDER BY revenue_rank, seller_id LIMIT 10",
        ),
        Highlight(
            "Sales by the venue's state, in US dollars",
            "WITH states AS (SELECT state, country, SUM(sales) AS sales, SUM(tickets) AS tickets, "
            "SUM(revenue) AS revenue, SUM(commission) AS commission FROM tickit.mv_sales_by_region "
            "WHERE region_of = 'venue' GROUP BY state, country) "
            "SELECT 'all' AS state, CAST(NULL AS VARCHAR) AS country, SUM(sales) AS sales, SUM(tickets) AS tickets, "
            "SUM(revenue) AS revenue, SUM(commission) AS commission FROM states HAVING COUNT(*) > 0 "
            "UNION ALL SELECT state, country, sales, tickets, revenue, commission FROM states "
            "ORDER BY revenue DESC, state LIMIT 11",
        ),
    ),
)
