"""Events: one row each, with the keys of its primary venue, attraction, classification and market.

Every table is reduced to one row per event before it is joined, so that no event is lost or multiplied.
"""

from __future__ import annotations

from functools import reduce

import pyspark.sql.functions as sf
from pyspark.sql import Column, DataFrame, Window

from glue_jobs.transforms.calendar import date_key

COUNTS = ("attraction_count", "classification_count", "presale_count")
"""Counts that are zero, not null, for an event without such rows."""


def events(events: DataFrame, *details: DataFrame) -> DataFrame:
    """The same events with their details and their local calendar.

    Args:
        events: curated `events`, one row per event.
        details: tables of at most one row per `event_id`.
    """
    joined = reduce(lambda rows, detail: rows.join(detail, "event_id", "left"), details, events)
    counts = {name: sf.coalesce(name, sf.lit(0)) for name in COUNTS}
    return _local_calendar(joined.withColumns(counts)).withColumn("is_time_tba", _is_time_unknown())


def primary_venues(event_venues: DataFrame, primary_markets: DataFrame) -> DataFrame:
    """`event_id, venue_id, market_id`: the first venue of each event by position, and its market.

    The market is joined here, to few columns: a join to the whole events by venue would shuffle all of them twice.

    Args:
        event_venues: curated `event_venues`.
        primary_markets: one row per `venue_id` with a market.
    """
    first = sf.min(sf.struct("position", "venue_id")).alias("first")
    venues = event_venues.groupBy("event_id").agg(first).select("event_id", "first.venue_id")
    return venues.join(primary_markets, "venue_id", "left")


def primary_attractions(event_attractions: DataFrame) -> DataFrame:
    """`event_id, attraction_id, attraction_count`, from the bridge, where one attraction of each event is primary."""
    return _primary(event_attractions, "attraction")


def primary_classifications(event_classifications: DataFrame) -> DataFrame:
    """`event_id, classification_id, classification_count`, from the bridge, where one of each event is primary."""
    return _primary(event_classifications, "classification")


def _primary(bridge: DataFrame, member: str) -> DataFrame:
    key = f"{member}_id"
    primary = sf.max(sf.when(sf.col("is_primary"), sf.col(key))).alias(key)
    return bridge.groupBy("event_id").agg(primary, sf.count("*").alias(f"{member}_count"))


def presales(event_presales: DataFrame) -> DataFrame:
    """`event_id, presale_count`."""
    return event_presales.groupBy("event_id").agg(sf.count("*").alias("presale_count"))


STANDARD = "standard"
"""The type of prices without fees."""


def prices(event_price_ranges: DataFrame) -> DataFrame:
    """`event_id, price_min, price_max, price_currency, price_type`: the span of an event's comparable ranges.

    Prices of different types (with and without fees) or currencies are never compared: one range is chosen, and ranges
    of another type or currency are ignored. The chosen one is the first by position with an amount among those of
    type `standard`, else among all. Ranges without a type form a type of their own.

    Args:
        event_price_ranges: curated `event_price_ranges`, amounts in units of `currency` (ISO-4217).
    """
    priced = event_price_ranges.where("price_min is not null or price_max is not null")
    not_standard = ~sf.coalesce(sf.col("price_type") == STANDARD, sf.lit(False))
    preferred = Window.partitionBy("event_id").orderBy(not_standard, "position")
    chosen = {
        f"_{name}": sf.first(name).over(preferred.rowsBetween(Window.unboundedPreceding, Window.currentRow))
        for name in ("currency", "price_type")
    }
    comparable = priced.withColumns(chosen).where("currency <=> _currency and price_type <=> _price_type")
    return comparable.groupBy("event_id", sf.col("_currency").alias("price_currency"), "price_type").agg(
        sf.min("price_min").alias("price_min"), sf.max("price_max").alias("price_max")
    )


def _is_time_unknown() -> Column:
    return sf.col("is_time_tba") | sf.col("has_no_specific_time")


def _local_calendar(events: DataFrame) -> DataFrame:
    """Date key, weekday and hour in the venue's local time; the hour is null if the time is unknown."""
    day = sf.col("start_date")
    return events.withColumns(
        {
            "start_date_key": date_key(day),
            "local_weekday": sf.date_format(day, "EEEE"),
            "weekday_sort": sf.weekday(day) + 1,
            "local_hour": sf.when(~_is_time_unknown(), sf.hour("start_local_at")),
        }
    )
