"""The staged tables of the Ticketmaster star: how each comes from the curated tables."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame

from glue_jobs.transforms.ticketmaster import attractions, bridges, classifications, events, markets, shows, venues


def star(curated: Mapping[str, DataFrame]) -> dict[str, DataFrame]:
    """The rows of every staged table, before they are given the run, the day and the columns that the star declares.

    What both the shows and the events need of an event is kept in memory, and computed once.

    Args:
        curated: the tables that the job reads, each with one row per key.
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
        "venues": venues.venues(curated["venues"], curated["venue_markets"]),
        "attractions": attractions.attractions(curated["attractions"], tree),
        "classifications": classifications.classifications(
            curated["event_classifications"], curated["attractions"], tree
        ),
        "markets": curated["markets"],
        "venue_markets": curated["venue_markets"],
        "events": events.events(
            curated["events"].drop("non_show_reason"),
            primary_venues,
            primary_attractions,
            events.primary_classifications(classification_bridge),
            events.presales(curated["event_presales"]),
            prices,
            shows.shows(listings),
        ),
        "event_attractions": attraction_bridge,
        "event_classifications": classification_bridge,
    }
