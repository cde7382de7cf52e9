"""Events: one row each, with the keys of its primary venue, attraction, classification and market.

Everything joined to an event is brought down to one row per event first, so that an event is never lost or multiplied.
"""

from __future__ import annotations

from functools import reduce

import pyspark.sql.functions as sf
from pyspark.sql import Column, DataFrame, Window

from glue_jobs.transforms.calendar import date_key

COUNTS = ("attraction_count", "classification_count", "presale_count")
"""What an event may have none of: zero then, not null."""


def events(events: DataFrame, *details: DataFrame) -> DataFrame:
    """One row per event with its details and its local calendar; as many rows as came in.

    Args:
        events: curated `events`, one row per event.
        details: tables of at most one row per `event_id`.
    """
    joined = reduce(lambda found, detail: found.join(detail, "event_id", "left"), details, events)
    counts = {name: sf.coalesce(name, sf.lit(0)) for name in COUNTS}
    return _local_calendar(joined.withColumns(counts)).withColumn("is_time_tba", _is_time_unknown())


def primary_venues(event_venues: DataFrame, primary_markets: DataFrame) -> DataFrame:
    """`event_id, venue_id, market_id`: the first venue of each event by position, and the market it stands for.

    The market is found here, among few columns: joined to the whole events by venue, it would move all of them twice.

    Args:
        event_venues: curated `event_venues`.
        primary_markets: one row per `venue_id` that has a market.
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


def _primary(bridge: DataFrame, thing: str) -> DataFrame:
    key = f"{thing}_id"
    primary = sf.max(sf.when(sf.col("is_primary"), sf.col(key))).alias(key)
    return bridge.groupBy("event_id").agg(primary, sf.count("*").alias(f"{thing}_count"))


def presales(event_presales: DataFrame) -> DataFrame:
    """`event_id, presale_count`."""
    return event_presales.groupBy("event_id").agg(sf.count("*").alias("presale_count"))


STANDARD = "standard"
"""The type of prices at face value, without fees."""


def prices(event_price_ranges: DataFrame) -> DataFrame:
    """`event_id, price_min, price_max, price_currency, price_type`: the span of an event's ranges of one kind.

    Prices of different types (with and without fees) or currencies are never compared: a first range is chosen, and
    those of another type or currency are left out. It is the first by position that has an amount among those of type
    `standard`, else among all. A range without a type is of a type of its own.

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
    """Date key, weekday and hour as a visitor at the venue reads them; the hour is null when the time is not known."""
    day = sf.col("start_date")
    return events.withColumns(
        {
            "start_date_key": date_key(day),
            "local_weekday": sf.date_format(day, "EEEE"),
            "weekday_sort": sf.weekday(day) + 1,
            "local_hour": sf.when(~_is_time_unknown(), sf.hour("start_local_at")),
        }
    )
