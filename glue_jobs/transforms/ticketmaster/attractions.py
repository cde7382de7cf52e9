"""Attractions, with the key of their own classification and its names in one language."""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import DataFrame

from glue_jobs.transforms.ticketmaster.classifications import Tree, classification_id, has_classification


def attractions(attractions: DataFrame, tree: Tree) -> DataFrame:
    """One row per attraction, with its `classification_id` (null if it has no classification).

    The names of its classification are the tree's, like those of `dim_classification`; if the tree lacks an id, the
    name is that of the attraction.

    Args:
        attractions: curated `attractions`, one row per attraction.
        tree: the source's classification tree.
    """
    keyed = attractions.withColumn("classification_id", sf.when(has_classification(), classification_id()))
    return tree.name(keyed)
