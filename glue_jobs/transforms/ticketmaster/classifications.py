"""Classifications: every combination of segment, genre, subgenre, type and subtype, and the tree they come from."""

from __future__ import annotations

import pyspark.sql.functions as sf
from pyspark.sql import Column, DataFrame

LEVELS = ("segment", "genre", "subgenre", "type", "subtype")
IDS = tuple(f"{level}_id" for level in LEVELS)
NAMES = tuple(f"{level}_name" for level in LEVELS)
MISSING = "-"


def classification_id() -> Column:
    """Natural key of a combination: the five ids joined by `|`, with `-` for a missing one."""
    return sf.concat_ws("|", *(sf.coalesce(name, sf.lit(MISSING)) for name in IDS))


def has_classification() -> Column:
    """Whether a row has any of the five ids."""
    return sf.coalesce(*(sf.col(name) for name in IDS)).isNotNull()


def classifications(
    event_classifications: DataFrame,
    attractions: DataFrame,
    nodes: DataFrame,
    genres: DataFrame,
    subgenres: DataFrame,
    subtypes: DataFrame,
) -> DataFrame:
    """One row per combination seen on an event or an attraction, and per path of the tree (which has no type).

    Names from the tree win over those that events and attractions carry; where those differ among themselves, the
    alphabetically first is taken.

    Args:
        event_classifications: curated `event_classifications`.
        attractions: curated `attractions`, one row per attraction.
        nodes: curated `classifications`, one row per id: segments and types.
        genres: curated `genres`.
        subgenres: curated `subgenres`.
        subtypes: curated `subtypes`.
    """
    seen = _seen(event_classifications).unionByName(_seen(attractions.where(has_classification())))
    combinations = seen.unionByName(_tree(nodes, genres, subgenres))
    merged = combinations.groupBy(*IDS).agg(*(sf.min(name).alias(name) for name in NAMES))
    segments = nodes.where("kind = 'segment'")
    types = nodes.where("kind = 'type'")
    named = _named(merged, "segment", segments.withColumnRenamed("classification_id", "segment_id"))
    named = _named(named, "genre", genres)
    named = _named(named, "subgenre", subgenres)
    named = _named(named, "type", types.withColumnRenamed("classification_id", "type_id"))
    named = _named(named, "subtype", subtypes)
    return named.withColumn("classification_id", classification_id())


def _seen(rows: DataFrame) -> DataFrame:
    return rows.select(*IDS, *NAMES).distinct()


def _tree(nodes: DataFrame, genres: DataFrame, subgenres: DataFrame) -> DataFrame:
    """Every path of the tree from a segment down to where it ends; a branch without genres is a path too."""
    segment = nodes.where("kind = 'segment'").select(sf.col("classification_id").alias("segment_id"))
    genre = segment.join(sf.broadcast(genres.select("segment_id", "genre_id")), "segment_id", "left")
    paths = genre.join(sf.broadcast(subgenres.select("genre_id", "subgenre_id")), "genre_id", "left")
    nothing = sf.lit(None).cast("string")
    return paths.select("*", *(nothing.alias(name) for name in ("type_id", "subtype_id", *NAMES)))


def _named(combinations: DataFrame, level: str, tree: DataFrame) -> DataFrame:
    """Replace a level's name by the tree's where the tree knows the id."""
    names = tree.select(f"{level}_id", sf.col("name").alias("_tree_name"))
    joined = combinations.join(sf.broadcast(names), f"{level}_id", "left")
    return joined.withColumn(f"{level}_name", sf.coalesce("_tree_name", f"{level}_name")).drop("_tree_name")
