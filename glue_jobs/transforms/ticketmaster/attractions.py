"""Attractions: who or what is on stage, with the natural key of their own classification."""

from __future__ import annotations

from pyspark.sql import DataFrame

from glue_jobs.transforms.ticketmaster.classifications import classification_id


def attractions(attractions: DataFrame) -> DataFrame:
    """One row per attraction, with its `classification_id` (null when it has no classification).

    Args:
        attractions: curated `attractions`, one row per attraction.
    """
    return attractions.withColumn("classification_id", classification_id())
