"""The Data API's catalog operations: ListDatabases, ListSchemas, ListTables and DescribeTable.

They return at once, with what the caller is allowed to see.
Source: https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ListTables.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

PAGE = 1000
"""The maximum number of entries in a response, even if MaxResults is larger."""

_OWN = ("pg_toast", "rs", "rs_facts", "rs_catalog", "rs_information")
"""The stand-in's own schemas, which Redshift does not have."""

_KINDS = {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW", "f": "EXTERNAL TABLE"}

_SCHEMAS = """
    SELECT nspname FROM pg_namespace
    WHERE nspname LIKE %(schema)s AND nspname <> ALL(%(own)s) AND nspname NOT LIKE 'pg\\_t%%'
    AND has_schema_privilege(oid, 'USAGE')
    ORDER BY nspname
"""
_TABLES = """
    SELECT relname, nspname, relkind::text FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname LIKE %(schema)s AND relname LIKE %(table)s AND relkind = ANY(%(kinds)s) AND nspname <> ALL(%(own)s)
    AND nspname NOT LIKE 'pg\\_t%%' AND has_schema_privilege(n.oid, 'USAGE')
    ORDER BY nspname, relname
"""
_COLUMNS = """
    SELECT attname, nspname, relname, format_type(atttypid, atttypmod), NOT attnotnull, pg_get_expr(adbin, adrelid),
        information_schema._pg_char_max_length(atttypid, atttypmod),
        COALESCE(information_schema._pg_numeric_precision(atttypid, atttypmod), 0),
        COALESCE(information_schema._pg_numeric_scale(atttypid, atttypmod), 0)
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE nspname = %(schema)s AND relname = %(table)s AND attnum > 0 AND NOT attisdropped
    AND has_schema_privilege(n.oid, 'USAGE')
    ORDER BY attnum
"""


def databases(connection: psycopg.Connection, params: dict[str, Any]) -> dict[str, Any]:
    """The body of ListDatabases."""
    rows = connection.execute("SELECT current_database()").fetchall()
    return _page("Databases", [row[0] for row in rows], params)


def schemas(connection: psycopg.Connection, params: dict[str, Any]) -> dict[str, Any]:
    """The body of ListSchemas."""
    values = {"schema": params.get("SchemaPattern") or "%", "own": list(_OWN)}
    return _page("Schemas", [row[0] for row in connection.execute(_SCHEMAS, values).fetchall()], params)


def tables(connection: psycopg.Connection, params: dict[str, Any]) -> dict[str, Any]:
    """The body of ListTables."""
    values = {
        "schema": params.get("SchemaPattern") or "%",
        "table": params.get("TablePattern") or "%",
        "own": list(_OWN),
        "kinds": list(_KINDS),
    }
    rows = connection.execute(_TABLES, values).fetchall()
    return _page(
        "Tables", [{"name": name, "schema": schema, "type": _KINDS[kind]} for name, schema, kind in rows], params
    )


def columns(connection: psycopg.Connection, params: dict[str, Any]) -> dict[str, Any]:
    """The body of DescribeTable. A table that does not exist has no columns."""
    values = {"schema": params.get("Schema") or "public", "table": params.get("Table") or ""}
    column_entries = [_column(*row) for row in connection.execute(_COLUMNS, values).fetchall()]
    return {"TableName": params.get("Table"), **_page("ColumnList", column_entries, params)}


def _column(
    name: str,
    schema: str,
    table: str,
    declared: str,
    nullable: bool,
    default: str | None,
    length: int | None,
    precision: int,
    scale: int,
) -> dict[str, Any]:
    kind = declared.partition("(")[0]
    return {
        "name": name,
        "label": name,
        "schemaName": schema,
        "tableName": table,
        "typeName": _TYPE_NAMES.get(kind, kind),
        "nullable": int(nullable),
        "length": length or 0,
        "precision": precision,
        "scale": scale,
        "isCaseSensitive": kind.startswith("character"),
        "isCurrency": False,
        "isSigned": kind in _SIGNED,
        **({"columnDefault": default} if default else {}),
    }


_TYPE_NAMES = {
    "character varying": "varchar", "character": "bpchar", "bigint": "int8", "integer": "int4", "smallint": "int2",
    "double precision": "float8", "real": "float4", "boolean": "bool", "jsonb": "super", "bytea": "varbyte",
    "timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz",
}  # fmt: skip
_SIGNED = ("bigint", "integer", "smallint", "numeric", "double precision", "real")


def _page(key: str, entries: Sequence[Any], params: dict[str, Any]) -> dict[str, Any]:
    token = str(params.get("NextToken") or "0")
    start = int(token) if token.isdigit() else 0
    size = min(int(params.get("MaxResults") or PAGE), PAGE)
    following = start + size
    token_entry = {"NextToken": str(following)} if following < len(entries) else {}
    return {key: list(entries[start:following]), **token_entry}
