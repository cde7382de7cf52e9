"""The types of UNLOAD's columns in Parquet, and their values' texts in the other formats."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pyarrow as pa

from ..errors import LoadError

_ARROW: dict[str, pa.DataType] = {
    "int2": pa.int16(), "int4": pa.int32(), "int8": pa.int64(), "float4": pa.float32(), "float8": pa.float64(),
    "bool": pa.bool_(), "date": pa.date32(), "timestamp": pa.timestamp("us"), "timestamptz": pa.timestamp("us", "UTC"),
    "varchar": pa.string(), "text": pa.string(), "bpchar": pa.string(), "name": pa.string(), "bytea": pa.binary(),
    "jsonb": pa.string(), "time": pa.time64("us"), "oid": pa.int64(),
}  # fmt: skip
_NUMBERS = ("int2", "int4", "int8", "oid", "numeric", "float4", "float8")
_NAMES = {
    "int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real", "float8": "double precision",
    "bool": "boolean", "varchar": "character varying", "text": "character varying", "bpchar": "character",
    "timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone", "jsonb": "super",
    "bytea": "varbyte", "oid": "bigint", "name": "character varying",
}  # fmt: skip
_LONGEST = 65_535

Text = Callable[["str | None"], "str | None"]
"""Converts PostgreSQL's text of a value to Redshift's."""


def kind(column: psycopg.Column) -> str:
    """PostgreSQL's short name of a column's type."""
    return column.type_display.split("(")[0]


def arrow_type(column: psycopg.Column) -> pa.DataType:
    """The column's type in Parquet.

    Raises:
        LoadError: it has none.
    """
    name = kind(column)
    if name == "numeric":
        precision = column.precision or 38
        scale = column.scale if column.scale is not None else 10
        return pa.decimal128(min(precision, 38), scale)
    if name not in _ARROW:
        raise LoadError(
            f"UNLOAD: column {column.name} has type {name}, which is not supported here", column=column.name
        )
    return _ARROW[name]


def array(values: list[Any], target: pa.DataType) -> pa.Array:
    """A column's values for Parquet. SUPER is a JSON text."""
    if pa.types.is_string(target):
        values = [_compact(v) if isinstance(v, (dict, list, bool, int, float)) else v for v in values]
    if pa.types.is_decimal(target):
        return pa.array([None if v is None else round(v, target.scale) for v in values], target)
    return pa.array(values, target)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def as_text(column: psycopg.Column) -> Text:
    """How a column's values appear in delimited text and CSV. A SUPER without a value is JSON's null."""
    name = kind(column)
    if name == "jsonb":
        return lambda value: "null" if value is None else _compact(json.loads(value))
    if name == "bytea":
        return lambda value: None if value is None else value.removeprefix("\\x")
    return lambda value: value


def as_json(column: psycopg.Column) -> Callable[[str | None], str]:
    """How a column's values appear in JSON."""
    name = kind(column)
    text = as_text(column)
    if name == "bool":
        return lambda value: "null" if value is None else ("true" if value == "t" else "false")
    if name == "jsonb":
        return lambda value: str(text(value))
    if name in _NUMBERS:
        return lambda value: "null" if value is None else _number(value)
    return lambda value: "null" if value is None else json.dumps(text(value), ensure_ascii=False)


def _number(text: str) -> str:
    return text if text not in ("NaN", "Infinity", "-Infinity") else f'"{text}"'


def described(column: psycopg.Column) -> dict[str, Any]:
    """A column in the verbose manifest."""
    name = kind(column)
    details: dict[str, Any] = {"base": _NAMES.get(name, name)}
    if name in ("varchar", "text", "bpchar", "name"):
        details["max_length"] = column.display_size or _LONGEST
    elif name == "numeric":
        details["precision"] = column.precision or 38
        details["scale"] = column.scale if column.scale is not None else 10
    return {"name": column.name, "type": details}
