"""Bridges between events and their attractions or classifications, exactly one of them marked as primary."""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import Column, DataFrame, Window

from glue_jobs.transforms.ticketmaster.classifications import classification_id


def event_attractions(event_attractions: DataFrame) -> DataFrame:
    """The attractions of each event; the first by position is primary.

    Args:
        event_attractions: curated `event_attractions`, one row per event and attraction.
    """
    return event_attractions.withColumn("is_primary", _is_first(sf.col("position"), sf.col("attraction_id")))


def event_classifications(event_classifications: DataFrame) -> DataFrame:
    """The classifications of each event, with exactly one primary one.

    The primary one is the first by position that the source marks as primary, else the first by position.

    Args:
        event_classifications: curated `event_classifications`, one row per event and position.
    """
    not_primary = ~sf.coalesce(sf.col("is_primary"), sf.lit(False))
    return event_classifications.withColumn("classification_id", classification_id()).withColumn(
        "is_primary", _is_first(not_primary, sf.col("position"))
    )


def _is_first(*order: Column) -> Column:
    return sf.row_number().over(Window.partitionBy("event_id").orderBy(*order)) == 1
