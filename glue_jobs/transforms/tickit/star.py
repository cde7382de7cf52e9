"""The staged tables of the TICKIT star: their columns, and how each comes from the curated tables."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame

from glue_jobs.transforms.rows import StagedTable
from glue_jobs.transforms.tickit import dates, events

DOLLARS = "decimal(8,2)"
LIKES = (
    "likes_sports",
    "likes_theatre",
    "likes_concerts",
    "likes_jazz",
    "likes_classical",
    "likes_opera",
    "likes_rock",
    "likes_vegas",
    "likes_broadway",
    "likes_musicals",
)

USERS = StagedTable(
    "tickit_users",
    row_per="users",
    columns={
        "user_id": "int",
        "city": "string",
        "state": "string",
        **dict.fromkeys(LIKES, "boolean"),
        "row_hash": "string",
    },
)
USER_CONTACTS = StagedTable(
    "tickit_user_contacts",
    row_per="user_contacts",
    columns={
        "user_id": "int",
        "username": "string",
        "first_name": "string",
        "last_name": "string",
        "email": "string",
        "phone": "string",
        "row_hash": "string",
    },
)
VENUES = StagedTable(
    "tickit_venues",
    row_per="venues",
    columns={
        "venue_id": "int",
        "name": "string",
        "city": "string",
        "state": "string",
        "country": "string",
        "seats": "int",
        "row_hash": "string",
    },
)
CATEGORIES = StagedTable(
    "tickit_categories",
    row_per="categories",
    columns={
        "category_id": "int",
        "category_group": "string",
        "name": "string",
        "long_name": "string",
        "row_hash": "string",
    },
)
DATES = StagedTable(
    "tickit_dates",
    row_per="dates",
    columns={
        "date_id": "int",
        "date_key": "int",
        "calendar_date": "date",
        "is_holiday": "boolean",
        "sent_weekday": "string",
        "sent_week": "int",
        "sent_month": "string",
        "sent_quarter": "string",
        "sent_year": "int",
        "row_hash": "string",
    },
)
EVENTS = StagedTable(
    "tickit_events",
    row_per="events",
    columns={
        "event_id": "int",
        "name": "string",
        "venue_id": "int",
        "category_id": "int",
        "event_date_key": "int",
        "event_date": "date",
        "start_local_at": "timestamp",
        "is_day_corrected": "boolean",
        "row_hash": "string",
    },
)
LISTINGS = StagedTable(
    "tickit_listings",
    row_per="listings",
    columns={
        "listing_id": "int",
        "event_id": "int",
        "seller_id": "int",
        "listing_date_key": "int",
        "listing_date": "date",
        "ticket_count": "int",
        "price_per_ticket": DOLLARS,
        "total_price": DOLLARS,
        "listed_at": "timestamp",
        "row_hash": "string",
    },
)
SALES = StagedTable(
    "tickit_sales",
    row_per="sales",
    columns={
        "sale_id": "int",
        "listing_id": "int",
        "event_id": "int",
        "seller_id": "int",
        "buyer_id": "int",
        "sale_date_key": "int",
        "sale_date": "date",
        "quantity_sold": "int",
        "price_paid": DOLLARS,
        "commission": DOLLARS,
        "sold_at": "timestamp",
        "row_hash": "string",
    },
)
STAGED_TABLES = (USERS, USER_CONTACTS, VENUES, CATEGORIES, DATES, EVENTS, LISTINGS, SALES)

OWN_ENTITY: Mapping[str, str] = {
    "users": "users",
    "user_contacts": "users",
    "venues": "venues",
    "categories": "categories",
    "dates": "dates",
    "events": "events",
    "listings": "listings",
    "sales": "sales",
}
"""The curated tables that the star is made of, and the raw entity that is the authority on each."""

USED_OFTEN = ("dates",)
"""Those of them that several staged tables are made of."""


def star(curated: Mapping[str, DataFrame]) -> dict[StagedTable, DataFrame]:
    """The rows of every staged table, before they are given the run, the day and their exact types.

    Args:
        curated: the tables named in `OWN_ENTITY`, each with one row per key.
    """
    return {
        USERS: curated["users"],
        USER_CONTACTS: curated["user_contacts"],
        VENUES: curated["venues"],
        CATEGORIES: curated["categories"],
        DATES: dates.dates(curated["dates"]),
        EVENTS: events.events(curated["events"], curated["dates"]),
        LISTINGS: dates.on_day(curated["listings"], curated["dates"], "listing"),
        SALES: dates.on_day(curated["sales"], curated["dates"], "sale"),
    }
