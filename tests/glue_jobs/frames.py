"""Small curated tables for tests: rows as text and plain values, cast to the types of the contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from glue_jobs.transforms.rows import ENTITY
from glue_jobs.transforms.ticketmaster.star import OWN_ENTITY
from schemas.ticketmaster import SOURCE

CURATED: dict[str, dict[str, str]] = {
    table: {column.name: column.hive_type for column in SOURCE.table(table).columns()} for table in OWN_ENTITY
}
LINEAGE = {"_source_uri": "string", "_row_hash": "string", ENTITY: "string"}

DEFAULTS: dict[str, dict[str, Any]] = {
    "events": {
        "is_test": False,
        "is_date_tba": False,
        "is_date_tbd": False,
        "is_time_tba": False,
        "has_no_specific_time": False,
        "is_archtics": False,
        "is_show": True,
    },
    "venues": {"is_test": False},
    "attractions": {"is_test": False},
}


def frame(spark: SparkSession, table: str, *rows: Mapping[str, Any]) -> DataFrame:
    """A curated table of the rows given; what a row leaves out is null, or false for a flag that must be there."""
    columns = CURATED[table] | LINEAGE
    unknown = {name for row in rows for name in row} - set(columns)
    assert not unknown, f"{table} has no column {sorted(unknown)}"
    filled = [DEFAULTS.get(table, {}) | dict(row) for row in rows]
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
    found: dict[Any, dict[str, Any]] = {row[key]: row for row in rows}
    assert len(found) == len(rows), f"{key} is not unique"
    return found


def curated(spark: SparkSession, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, DataFrame]:
    """Every curated table of the star: with the rows given, or empty."""
    return {table: frame(spark, table, *tables.get(table, ())) for table in CURATED}
