"""Looks up columns, late-binding views and procedures for the translator, as the session's user sees them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg

from .errors import RefusedByRedshift
from .translator.late_binding import LateView, Name
from .translator.lexer import quote_name
from .translator.relations import Columns
from .translator.routines import Modes


def columns(connection: psycopg.Connection[Any], schema: str | None, name: str) -> Columns | None:
    """The columns of a relation; None if there is none."""
    relation = f"{quote_name(schema)}.{quote_name(name)}" if schema else quote_name(name)
    rows = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod), relkind FROM pg_attribute"
        " JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        (relation,),
    ).fetchall()
    listed_columns = Columns((name, kind) for name, kind, _ in rows)
    listed_columns.kind = rows[0][2] if rows else ""
    return listed_columns or None


def late_views(connection: psycopg.Connection[Any], names: Iterable[Name]) -> dict[Name, LateView]:
    """Those of the relations that bind late.

    Raises:
        RefusedByRedshift: the user may not read one.
    """
    schemas, relations = zip(*names, strict=True)
    rows = connection.execute(
        "SELECT n.schema, n.name, definition, columns, has_table_privilege(relation, 'SELECT')"
        " FROM unnest(%s::text[], %s::text[]) n(schema, name) JOIN rs.late_binding_views ON relation ="
        " to_regclass(concat_ws('.', quote_ident(n.schema), quote_ident(n.name)))",
        (list(schemas), list(relations)),
    ).fetchall()
    for _, name, _, _, is_permitted in rows:
        if not is_permitted:
            raise RefusedByRedshift(f"permission denied for relation {name}")
    return {(schema, name): LateView(text, tuple(listed)) for schema, name, text, listed, _ in rows}


def procedures(connection: psycopg.Connection[Any], schema: str | None, name: str) -> list[Modes]:
    """The modes of the arguments of each procedure of a name."""
    rows = connection.execute(
        "SELECT coalesce(array_to_string(proargmodes, ''), repeat('i', pronargs)) FROM pg_proc p"
        " WHERE prokind = 'p' AND proname = %s AND (pronamespace = to_regnamespace(quote_ident(%s))"
        " OR %s::text IS NULL AND pg_function_is_visible(p.oid))",
        (name, schema, schema),
    ).fetchall()
    return [modes for (modes,) in rows]


def schema_of_function(connection: psycopg.Connection[Any], name: str) -> str | None:
    """The schema of a user-defined function that is called by its bare name; None if there is none."""
    row = connection.execute(
        "SELECT nspname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE proname = %s AND prokind = 'f' AND nspname = ANY (current_schemas(false)) AND nspname <> 'rs'"
        " ORDER BY array_position(current_schemas(false), nspname) LIMIT 1",
        (name,),
    ).fetchone()
    return str(row[0]) if row else None
