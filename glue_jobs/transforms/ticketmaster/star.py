"""The staged tables of the Ticketmaster star: their columns, and how each comes from the curated tables."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame

from glue_jobs.transforms.rows import StagedTable
from glue_jobs.transforms.ticketmaster import attractions, bridges, classifications, events, markets, shows, venues

VENUES = StagedTable(
    "ticketmaster_venues",
    row_per="venues",
    columns={
        "venue_id": "string",
        "name": "string",
        "url": "string",
        "address_line1": "string",
        "city": "string",
        "state_code": "string",
        "state_name": "string",
        "country_code": "string",
        "country_name": "string",
        "postal_code": "string",
        "timezone": "string",
        "latitude": "double",
        "longitude": "double",
        "is_test": "boolean",
        "market_ids": "string",
        "upcoming_events": "bigint",
        "row_hash": "string",
    },
    volatile=frozenset({"url", "state_name", "country_name", "upcoming_events"}),
)
ATTRACTIONS = StagedTable(
    "ticketmaster_attractions",
    row_per="attractions",
    columns={
        "attraction_id": "string",
        "name": "string",
        "url": "string",
        **dict.fromkeys(classifications.NAMES, "string"),
        "classification_id": "string",
        "homepage_url": "string",
        "musicbrainz_id": "string",
        "is_test": "boolean",
        "upcoming_events": "bigint",
        "row_hash": "string",
    },
    volatile=frozenset({"url", *classifications.NAMES, "upcoming_events"}),
)
CLASSIFICATIONS = StagedTable(
    "ticketmaster_classifications",
    columns={
        "classification_id": "string",
        **{f"{level}_{part}": "string" for level in classifications.LEVELS for part in ("id", "name")},
        "row_hash": "string",
    },
)
MARKETS = StagedTable(
    "ticketmaster_markets", row_per="markets", columns={"market_id": "string", "name": "string", "row_hash": "string"}
)
VENUE_MARKETS = StagedTable(
    "ticketmaster_venue_markets",
    row_per="venue_markets",
    columns={"venue_id": "string", "market_id": "string", "position": "int"},
)
EVENTS = StagedTable(
    "ticketmaster_events",
    row_per="events",
    columns={
        "event_id": "string",
        "name": "string",
        "url": "string",
        "status": "string",
        "venue_id": "string",
        "attraction_id": "string",
        "classification_id": "string",
        "market_id": "string",
        "start_date_key": "int",
        "start_date": "date",
        "start_local_at": "timestamp",
        "start_at": "timestamp",
        "timezone": "string",
        "local_hour": "int",
        "local_weekday": "string",
        "weekday_sort": "int",
        "end_at": "timestamp",
        "public_sale_start_at": "timestamp",
        "public_sale_end_at": "timestamp",
        "price_min": "decimal(12,2)",
        "price_max": "decimal(12,2)",
        "price_currency": "string",
        "attraction_count": "int",
        "classification_count": "int",
        "presale_count": "int",
        "promoter_name": "string",
        "is_test": "boolean",
        "is_archtics": "boolean",
        "is_show": "boolean",
        "non_show_reason": "string",
        "is_date_tba": "boolean",
        "is_date_tbd": "boolean",
        "is_time_tba": "boolean",
        "spans_multiple_days": "boolean",
        "is_legal_age_enforced": "boolean",
        "row_hash": "string",
        "start_source": "string",
        "start_conflict": "string",
        "price_type": "string",
        "inventory_kind": "string",
        "show_of": "string",
    },
)
EVENT_ATTRACTIONS = StagedTable(
    "ticketmaster_event_attractions",
    row_per="event_attractions",
    columns={"event_id": "string", "attraction_id": "string", "position": "int", "is_primary": "boolean"},
)
EVENT_CLASSIFICATIONS = StagedTable(
    "ticketmaster_event_classifications",
    row_per="event_classifications",
    columns={"event_id": "string", "position": "int", "is_primary": "boolean", "classification_id": "string"},
)
STAGED_TABLES = (
    VENUES,
    ATTRACTIONS,
    CLASSIFICATIONS,
    MARKETS,
    VENUE_MARKETS,
    EVENTS,
    EVENT_ATTRACTIONS,
    EVENT_CLASSIFICATIONS,
)

OWN_ENTITY: Mapping[str, str] = {
    "events": "events",
    "venues": "venues",
    "attractions": "attractions",
    "classifications": "classifications",
    "genres": "classifications",
    "subgenres": "classifications",
    "subtypes": "classifications",
    "markets": "venues",
    "venue_markets": "venues",
    "event_venues": "events",
    "event_attractions": "events",
    "event_classifications": "events",
    "event_price_ranges": "events",
    "event_presales": "events",
}
"""The curated tables that the star is made of, and the raw entity that is the authority on each."""

USED_OFTEN = ("attractions", "markets", "venue_markets", "event_attractions", "event_classifications")
"""Those of them that several staged tables are made of."""


def star(curated: Mapping[str, DataFrame]) -> dict[StagedTable, DataFrame]:
    """The rows of every staged table, before they are given the run, the day and their exact types.

    What both the shows and the events need of an event is kept in memory, and computed once.

    Args:
        curated: the tables named in `OWN_ENTITY`, each with one row per key.
    """
    tree = classifications.Tree(
        curated["classifications"], curated["genres"], curated["subgenres"], curated["subtypes"]
    )
    attraction_bridge = bridges.event_attractions(curated["event_attractions"])
    classification_bridge = bridges.event_classifications(curated["event_classifications"])
    primary_venues = events.primary_venues(
        curated["event_venues"], markets.primary_markets(curated["venue_markets"], curated["markets"])
    ).cache()
    primary_attractions = events.primary_attractions(attraction_bridge).cache()
    prices = events.prices(curated["event_price_ranges"]).cache()
    listings = shows.listings(curated["events"], primary_venues, curated["venues"], primary_attractions, prices)
    return {
        VENUES: venues.venues(curated["venues"], curated["venue_markets"]),
        ATTRACTIONS: attractions.attractions(curated["attractions"], tree),
        CLASSIFICATIONS: classifications.classifications(
            curated["event_classifications"], curated["attractions"], tree
        ),
        MARKETS: curated["markets"],
        VENUE_MARKETS: curated["venue_markets"],
        EVENTS: events.events(
            curated["events"].drop("non_show_reason"),
            primary_venues,
            primary_attractions,
            events.primary_classifications(classification_bridge),
            events.presales(curated["event_presales"]),
            prices,
            shows.shows(listings),
        ),
        EVENT_ATTRACTIONS: attraction_bridge,
        EVENT_CLASSIFICATIONS: classification_bridge,
    }
