"""Attractions: who or what is on stage, with the natural key of their own classification."""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import DataFrame

from glue_jobs.transforms.ticketmaster.classifications import classification_id, has_classification


def attractions(attractions: DataFrame) -> DataFrame:
    """One row per attraction, with its `classification_id` (null when it has no classification).

    Args:
        attractions: curated `attractions`, one row per attraction.
    """
    return attractions.withColumn("classification_id", sf.when(has_classification(), classification_id()))
