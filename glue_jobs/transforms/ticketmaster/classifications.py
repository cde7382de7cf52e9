"""Classifications: every combination of segment, genre, subgenre, type and subtype, and the source's tree of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import pyspark.sql.functions as sf
from pyspark.sql import Column, DataFrame

LEVELS = ("segment", "genre", "subgenre", "type", "subtype")
IDS = tuple(f"{level}_id" for level in LEVELS)
NAMES = tuple(f"{level}_name" for level in LEVELS)
MISSING = "-"


def classification_id() -> Column:
    """Natural key of a combination: the five ids joined by `|`, with `-` for a missing id."""
    return sf.concat_ws("|", *(sf.coalesce(name, sf.lit(MISSING)) for name in IDS))


def has_classification() -> Column:
    """Whether a row has any of the five ids."""
    return sf.coalesce(*(sf.col(name) for name in IDS)).isNotNull()


@dataclass(frozen=True, slots=True)
class Tree:
    """The source's own classification tree, in one language. Its names take precedence over those of other records.

    Attributes:
        nodes: curated `classifications`, one row per id: segments and types.
        genres: curated `genres`.
        subgenres: curated `subgenres`.
        subtypes: curated `subtypes`.
    """

    nodes: DataFrame
    genres: DataFrame
    subgenres: DataFrame
    subtypes: DataFrame

    def name(self, rows: DataFrame) -> DataFrame:
        """Rows with ids and names of the five levels, with the tree's names for ids that it contains."""
        return reduce(lambda named, level: _named(named, *level), self._names().items(), rows)

    def paths(self) -> DataFrame:
        """Every path from a segment down to its leaf; a segment without genres is a path too."""
        segment = self.nodes.where("kind = 'segment'").select(sf.col("classification_id").alias("segment_id"))
        genre = segment.join(sf.broadcast(self.genres.select("segment_id", "genre_id")), "segment_id", "left")
        paths = genre.join(sf.broadcast(self.subgenres.select("genre_id", "subgenre_id")), "genre_id", "left")
        nothing = sf.lit(None).cast("string")
        return paths.select("*", *(nothing.alias(name) for name in ("type_id", "subtype_id", *NAMES)))

    def _names(self) -> dict[str, DataFrame]:
        """The ids and names of each level."""
        return {
            "segment": self.nodes.where("kind = 'segment'").withColumnRenamed("classification_id", "segment_id"),
            "genre": self.genres,
            "subgenre": self.subgenres,
            "type": self.nodes.where("kind = 'type'").withColumnRenamed("classification_id", "type_id"),
            "subtype": self.subtypes,
        }


def classifications(event_classifications: DataFrame, attractions: DataFrame, tree: Tree) -> DataFrame:
    """One row per combination on an event or an attraction, and per path of the tree (which has no type).

    Names from the tree take precedence over those on events and attractions; of different names there, the first in
    alphabetical order is used.

    Args:
        event_classifications: curated `event_classifications`.
        attractions: curated `attractions`, one row per attraction.
        tree: the source's tree.
    """
    combinations = _combinations(event_classifications).unionByName(
        _combinations(attractions.where(has_classification()))
    )
    merged = combinations.unionByName(tree.paths()).groupBy(*IDS).agg(*(sf.min(name).alias(name) for name in NAMES))
    return tree.name(merged).withColumn("classification_id", classification_id())


def _combinations(rows: DataFrame) -> DataFrame:
    return rows.select(*IDS, *NAMES).distinct()


def _named(rows: DataFrame, level: str, names: DataFrame) -> DataFrame:
    """Replace a level's name by the tree's if the tree contains the id."""
    known = names.select(f"{level}_id", sf.col("name").alias("_tree_name"))
    joined = rows.join(sf.broadcast(known), f"{level}_id", "left")
    return joined.withColumn(f"{level}_name", sf.coalesce("_tree_name", f"{level}_name")).drop("_tree_name")
