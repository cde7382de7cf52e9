"""The star of a ticket resale: one row per sale, one per listing, and who, where, what and when."""

from warehouse.dimensions import Dimension
from warehouse.facts import Fact, Reference
from warehouse.stars import Highlight, Star
from warehouse.tickit.rules import RULES

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
    merge=(
        "tickit.sp_check_staged",
        "tickit.sp_merge_dim_user",
        "tickit.sp_merge_user_contacts",
        "tickit.sp_merge_dim_venue",
        "tickit.sp_merge_dim_category",
        "tickit.sp_merge_source_dates",
        "tickit.sp_merge_dim_event",
        "tickit.sp_merge_fact_listings",
        "tickit.sp_merge_fact_sales",
    ),
    dimensions=(
        Dimension(
            "user",
            "current",
            "city state likes_sports likes_theatre likes_concerts likes_jazz likes_classical likes_opera likes_rock "
            "likes_vegas likes_broadway likes_musicals",
        ),
        Dimension(
            "user",
            "current",
            "username first_name last_name email phone",
            staged="user_contacts",
            table="user_contacts",
        ),
        Dimension("venue", "current", "name city state country seats"),
        Dimension("category", "current", "category_group name long_name", staged="categories"),
        Dimension(
            "date",
            "current",
            "date_key calendar_date is_holiday sent_weekday sent_week sent_month sent_quarter sent_year",
            table="source_dates",
        ),
        Dimension(
            "event",
            "current",
            "name venue_id category_id event_date_key event_date start_local_at is_day_corrected",
        ),
    ),
    facts=(
        Fact(
            "listing",
            "event_id seller_id listing_date_key ticket_count price_per_ticket total_price listed_at",
            references=(
                Reference("event", carried="event_date_key venue_id"),
                Reference("venue", through="event"),
                Reference("category", through="event"),
                Reference("seller", "user"),
            ),
        ),
        Fact(
            "sale",
            "listing_id event_id seller_id buyer_id sale_date_key quantity_sold price_paid commission sold_at",
            references=(
                Reference("event", carried="event_date_key venue_id"),
                Reference("venue", through="event"),
                Reference("category", through="event"),
                Reference("seller", "user"),
                Reference("buyer", "user"),
            ),
            spread_by="listing_id",
        ),
    ),
    rules=RULES,
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
