"""The staged tables of the TICKIT star: how each comes from the curated tables."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame

from glue_jobs.transforms.tickit import dates, events


def star(curated: Mapping[str, DataFrame]) -> dict[str, DataFrame]:
    """The rows of every staged table, before they are given the run, the day and the columns that the star declares.

    Args:
        curated: all curated tables of the source, each with one row per key.
    """
    days = curated["dates"]
    return {
        **curated,
        "dates": dates.dates(days),
        "events": events.events(curated["events"], days),
        "listings": dates.on_day(curated["listings"], days, "listing"),
        "sales": dates.on_day(curated["sales"], days, "sale"),
    }
