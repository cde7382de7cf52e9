"""Attractions: who or what is on stage, with the key of their own classification and its names in one language."""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import DataFrame

from glue_jobs.transforms.ticketmaster.classifications import Tree, classification_id, has_classification


def attractions(attractions: DataFrame, tree: Tree) -> DataFrame:
    """One row per attraction, with its `classification_id` (null when it has no classification).

    The names of its classification are the tree's, as those of `dim_classification` are; what the tree lacks is named
    as the attraction was sent.

    Args:
        attractions: curated `attractions`, one row per attraction.
        tree: what the levels of a classification are called.
    """
    keyed = attractions.withColumn("classification_id", sf.when(has_classification(), classification_id()))
    return tree.name(keyed)
