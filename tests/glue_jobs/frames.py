"""Small curated tables for tests: rows as text and plain values, cast to the types of the contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from glue_jobs.transforms.rows import ENTITY
from schemas import ticketmaster
from schemas.contract import CuratedRow
from schemas.source import Source

LINEAGE = {"_source_uri": "string", "_row_hash": "string", ENTITY: "string"}


def defaults(contract: type[CuratedRow]) -> dict[str, Any]:
    """Values of required columns that a row leaves out: flags are false, and an event is listed as a show."""
    flags = (column.name for column in contract.columns() if column.hive_type == "boolean" and not column.nullable)
    listed = {"listed_as": "show"} if "listed_as" in contract.model_fields else {}
    return dict.fromkeys(flags, False) | listed


def frame(spark: SparkSession, table: str, *rows: Mapping[str, Any], source: Source = ticketmaster.SOURCE) -> DataFrame:
    """A curated table of the rows given; what a row leaves out is null, or false for a flag that must be there."""
    contract = source.table(table)
    columns = {column.name: column.hive_type for column in contract.columns()} | LINEAGE
    unknown = {name for row in rows for name in row} - set(columns)
    assert not unknown, f"{table} has no column {sorted(unknown)}"
    filled = [defaults(contract) | dict(row) for row in rows]
    texts = [[_text(row.get(name)) for name in columns] for row in filled]
    schema = ", ".join(f"`{name}` string" for name in columns)
    return spark.createDataFrame(texts, schema).selectExpr(
        *(f"cast(`{name}` as {kind}) as `{name}`" for name, kind in columns.items())
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def rows_of(frame: DataFrame, *columns: str) -> list[dict[str, Any]]:
    """The rows in order of their first column, dates and times as text so that no time zone of this machine matters."""
    kept = frame.select(*(columns or frame.columns))
    readable = kept.selectExpr(
        *(
            f"cast(`{name}` as string) as `{name}`"
            if kind in ("timestamp", "date") or "decimal" in kind
            else f"`{name}`"
            for name, kind in kept.dtypes
        )
    )
    rows = [row.asDict() for row in readable.collect()]
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])


def by_key(frame: DataFrame, key: str) -> dict[Any, dict[str, Any]]:
    """The rows by a column that must be unique."""
    rows = rows_of(frame)
    rows_by_key: dict[Any, dict[str, Any]] = {row[key]: row for row in rows}
    assert len(rows_by_key) == len(rows), f"{key} is not unique"
    return rows_by_key


def curated(
    spark: SparkSession, tables: Mapping[str, Sequence[Mapping[str, Any]]], source: Source = ticketmaster.SOURCE
) -> dict[str, DataFrame]:
    """Every curated table of a source: with the rows given, or empty."""
    return {table: frame(spark, table, *tables.get(table, ()), source=source) for table in source.tables}
