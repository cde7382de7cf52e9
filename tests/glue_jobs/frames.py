"""Small curated tables for tests: rows as text and plain values, cast to the types of the contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from glue_jobs.transforms.rows import ENTITY

_NAMED = {"name": "string"}
_LEVELS = {
    f"{level}_{part}": "string"
    for level in ("segment", "genre", "subgenre", "type", "subtype")
    for part in ("id", "name")
}

CURATED: dict[str, dict[str, str]] = {
    "events": {
        "event_id": "string",
        "name": "string",
        "url": "string",
        "is_test": "boolean",
        "status": "string",
        "start_date": "date",
        "start_local_at": "timestamp",
        "start_at": "timestamp",
        "timezone": "string",
        "is_date_tba": "boolean",
        "is_date_tbd": "boolean",
        "is_time_tba": "boolean",
        "has_no_specific_time": "boolean",
        "end_at": "timestamp",
        "spans_multiple_days": "boolean",
        "public_sale_start_at": "timestamp",
        "public_sale_end_at": "timestamp",
        "promoter_name": "string",
        "is_legal_age_enforced": "boolean",
        "is_archtics": "boolean",
        "is_show": "boolean",
        "non_show_reason": "string",
    },
    "venues": {
        "venue_id": "string",
        "name": "string",
        "url": "string",
        "is_test": "boolean",
        "address_line1": "string",
        "city": "string",
        "state_code": "string",
        "state_name": "string",
        "country_code": "string",
        "country_name": "string",
        "postal_code": "string",
        "timezone": "string",
        "latitude": "double",
        "longitude": "double",
        "upcoming_events": "bigint",
    },
    "attractions": {
        "attraction_id": "string",
        "name": "string",
        "url": "string",
        "is_test": "boolean",
        **_LEVELS,
        "homepage_url": "string",
        "musicbrainz_id": "string",
        "upcoming_events": "bigint",
    },
    "classifications": {"classification_id": "string", "kind": "string", **_NAMED},
    "genres": {"genre_id": "string", "segment_id": "string", **_NAMED},
    "subgenres": {"subgenre_id": "string", "genre_id": "string", **_NAMED},
    "subtypes": {"subtype_id": "string", "type_id": "string", **_NAMED},
    "markets": {"market_id": "string", **_NAMED},
    "venue_markets": {"venue_id": "string", "market_id": "string", "position": "int"},
    "event_venues": {"event_id": "string", "venue_id": "string", "position": "int"},
    "event_attractions": {"event_id": "string", "attraction_id": "string", "position": "int"},
    "event_classifications": {"event_id": "string", "position": "int", "is_primary": "boolean", **_LEVELS},
    "event_price_ranges": {
        "event_id": "string",
        "position": "int",
        "currency": "string",
        "price_min": "decimal(12,2)",
        "price_max": "decimal(12,2)",
    },
    "event_presales": {"event_id": "string", "position": "int"},
}
LINEAGE = {"_source_uri": "string", "_row_hash": "string", ENTITY: "string"}

_DEFAULTS: dict[str, dict[str, Any]] = {
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
    filled = [_DEFAULTS.get(table, {}) | dict(row) for row in rows]
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
