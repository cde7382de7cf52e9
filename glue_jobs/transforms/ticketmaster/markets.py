"""Markets: regions that venues belong to. Some of them ("All of US") span a country."""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import DataFrame

NATIONWIDE = "all of "
"""The prefix of the names of markets that span a whole country, in lower case."""


def primary_markets(venue_markets: DataFrame, markets: DataFrame) -> DataFrame:
    """The main market of each venue: the first by position that doesn't span a country.

    Args:
        venue_markets: curated `venue_markets`.
        markets: curated `markets`, one row per market. A market that is missing there counts as local.

    Returns:
        `venue_id, market_id`, one row per venue that has such a market.
    """
    named = venue_markets.join(sf.broadcast(markets.select("market_id", "name")), "market_id", "left")
    local = named.where(~sf.coalesce(sf.lower("name"), sf.lit("")).startswith(NATIONWIDE))
    first = sf.min(sf.struct("position", "market_id")).alias("first")
    return local.groupBy("venue_id").agg(first).select("venue_id", sf.col("first.market_id").alias("market_id"))
