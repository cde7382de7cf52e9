"""The star of a ticket resale: sales and listings, with their users, venues, categories, events and dates."""

from schemas.contract import Column
from schemas.tickit import rows
from schemas.types import BOOLEAN, DATE, INTEGER, TIMESTAMP
from warehouse.dimensions import Dimension
from warehouse.facts import Fact, Reference
from warehouse.stars import Highlight, current_star
from warehouse.tickit.labels import LABELS
from warehouse.tickit.rules import RULES


def _day(subject: str, meaning: str) -> tuple[Column, Column]:
    """The columns that replace the source's number of a day: its key in the calendar, and the day itself."""
    unknown = "if the source's number of the day is unknown"
    return (
        Column(f"{subject}_date_key", INTEGER, nullable=False, description=f"{meaning}, YYYYMMDD; 0 {unknown}"),
        Column(f"{subject}_date", DATE, description=f"{meaning}: the actual day; null {unknown}"),
    )


EVENT = Reference("event", carried="venue_id event_date_key")
VENUE = Reference(
    "venue",
    through="event",
    description="Venue of the event; 0 when it is unknown: 139 events are at venues that the source does not have",
)
CATEGORY = Reference("category", through="event", description="Category of the event; 0 when it is unknown")

STAR = current_star(
    "tickit",
    "tickit_load",
    description="The TICKIT marketplace: tickets listed and sold, with their sellers and buyers",
    dimensions=(
        Dimension("user", row=rows.UserRow),
        Dimension("user", row=rows.UserContactRow, table="user_contacts", spread_by="user_id"),
        Dimension("venue", row=rows.VenueRow, unknown={"name": "Unknown venue"}),
        Dimension(
            "category",
            row=rows.CategoryRow,
            unknown={"category_group": "Unknown", "name": "Unknown", "long_name": "Unknown category"},
        ),
        Dimension(
            "date",
            row=rows.DateRow,
            table="source_dates",
            adds=(
                Column(
                    "date_key",
                    INTEGER,
                    nullable=False,
                    description="The day in common.dim_date, YYYYMMDD; 0 if the calendar does not have it",
                ),
            ),
            first="date_key",
        ),
        Dimension(
            "event",
            row=rows.EventRow,
            instead_of={"date_id": _day("event", "Day of the event at the venue")},
            adds=(
                Column(
                    "start_local_at",
                    TIMESTAMP,
                    description="Start at the venue: the time of day as sent, on event_date; null when either is "
                    "unknown",
                ),
                Column(
                    "is_day_corrected",
                    BOOLEAN,
                    description="Whether the source sent the start with another day than event_date, as for most "
                    "events of May",
                ),
            ),
            first="name",
            unknown={"name": "Unknown event", "event_date_key": 0},
        ),
    ),
    facts=(
        Fact(
            "listing",
            row=rows.ListingRow,
            instead_of={"date_id": _day("listing", "Day on which it was listed")},
            first="event_id seller_id listing_date_key",
            staging_only="listing_date",
            references=(
                EVENT,
                VENUE,
                CATEGORY,
                Reference("seller", "user", description="User who sells; 0 if unknown"),
            ),
        ),
        Fact(
            "sale",
            row=rows.SaleRow,
            instead_of={"date_id": _day("sale", "Day of the sale")},
            first="listing_id event_id",
            staging_only="sale_date",
            spread_by="listing_id",
            references=(
                EVENT,
                VENUE,
                CATEGORY,
                Reference("seller", "user", description="User who sold; 0 if unknown"),
                Reference("buyer", "user", description="User who bought; 0 if unknown"),
            ),
        ),
    ),
    rules=RULES,
    has_standard_rules=False,
    conditions=LABELS,
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
