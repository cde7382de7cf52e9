"""Venues, with the ids of their markets in one column, so that a change of markets makes a new version of the venue."""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import DataFrame


def venues(venues: DataFrame, venue_markets: DataFrame) -> DataFrame:
    """One row per venue, with `market_ids`: its market ids in order, joined by commas (null if it has none).

    Args:
        venues: curated `venues`, one row per venue.
        venue_markets: curated `venue_markets`.
    """
    market_ids = sf.array_join(sf.sort_array(sf.collect_set("market_id")), ",")
    markets = venue_markets.groupBy("venue_id").agg(market_ids.alias("market_ids"))
    return venues.join(markets, "venue_id", "left")
