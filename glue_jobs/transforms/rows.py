"""Rows in the transforms of every star: one row per key, a stable fingerprint, exact column types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyspark.sql.functions as sf
from pyspark.sql import Column, DataFrame, Window

ENTITY = "_entity"
"""Lineage column of the reader: the raw entity whose validation wrote the row."""

RUN_ID = "run_id"
OBSERVED_ON = "observed_on"
ROW_HASH = "row_hash"


@dataclass(frozen=True, eq=False)
class StagedTable:
    """A table of the staging schema as COPY requires it: columns by position, with the exact Spark types.

    Attributes:
        name: name of the table in schema `staging`, and of its folder in the lake.
        columns: Spark type of each column by name, in the table's order, without `run_id` and `observed_on`.
        row_per: the curated table with the same number of rows; None if there is no such table.
        volatile: columns that change without making a new version; `row_hash` excludes them.
    """

    name: str
    columns: Mapping[str, str]
    row_per: str | None = None
    volatile: frozenset[str] = frozenset()

    @property
    def all_columns(self) -> dict[str, str]:
        """Every column in the table's order, those of the run first."""
        return {RUN_ID: "string", OBSERVED_ON: "date", **self.columns}

    @property
    def hashed(self) -> tuple[str, ...]:
        """Columns that `row_hash` covers, in the table's order; none if the table has no `row_hash`."""
        if ROW_HASH not in self.columns:
            return ()
        return tuple(name for name in self.columns if name != ROW_HASH and name not in self.volatile)


def one_per_key(rows: DataFrame, key: Sequence[str], own_entity: str) -> DataFrame:
    """Keep one row per key if several entities have rows with the same key.

    The row of the table's own entity comes first, then the lowest `_source_uri`, then the lowest `_row_hash`. The same
    input gives the same row, however Spark partitions it.

    Args:
        rows: curated rows with their lineage columns and `_entity`.
        key: columns that identify a row.
        own_entity: the raw entity that is the authority on these rows.
    """
    foreign = sf.when(sf.col(ENTITY) == own_entity, 0).otherwise(1)
    order = Window.partitionBy(*key).orderBy(foreign, sf.col("_source_uri"), sf.col("_row_hash"))
    return rows.withColumn("_rank", sf.row_number().over(order)).where("_rank = 1").drop("_rank")


def fingerprint(columns: Iterable[str]) -> Column:
    """SHA-256, in hex, of the columns' values in this order.

    Each value is encoded as its length, a colon and its text, and null as `-`. So null differs from the empty string,
    and rows with different values have different encodings.
    """
    return sf.sha2(sf.concat(*(_framed(sf.col(name).cast("string")) for name in columns)), 256)


def _framed(text: Column) -> Column:
    return sf.coalesce(sf.concat(sf.length(text).cast("string"), sf.lit(":"), text), sf.lit("-"))


def staged(rows: DataFrame, table: StagedTable, run_id: str, observed_on: date) -> DataFrame:
    """Rows with the staged table's columns in its order and types, with the run, the day and the fingerprint."""
    typed = rows.select(
        *(sf.col(name).cast(kind).alias(name) for name, kind in table.columns.items() if name != ROW_HASH)
    )
    if table.hashed:
        typed = typed.withColumn(ROW_HASH, fingerprint(table.hashed))
    stamped = typed.withColumn(RUN_ID, sf.lit(run_id)).withColumn(OBSERVED_ON, sf.lit(observed_on).cast("date"))
    return stamped.select(*table.all_columns)
