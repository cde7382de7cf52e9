"""CREATE, ALTER and DROP of everything except tables, and permissions: schemas, views, roles, grants, comments."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import RefusedByRedshift, UnsupportedStatement
from . import external_schemas, permissions, principals, schemas, views
from .datatypes import signature
from .lexer import quote_literal
from .plpgsql import alter_routine, create_routine
from .plpgsql_scope import TranslateSql
from .reader import Reader

_REFUSED_OBJECTS = {
    "INDEX": "SQL command \"CREATE INDEX\" not supported on Redshift tables; use sort keys",
    "UNIQUE": "indexes are not supported; use sort keys",
    "TYPE": "CREATE TYPE is not supported",
    "DOMAIN": "CREATE DOMAIN is not supported",
    "SEQUENCE": "sequences are not supported; use IDENTITY columns",
    "TRIGGER": "triggers are not supported",
    "EXTENSION": "extensions are not supported",
    "AGGREGATE": "user-defined aggregates are not supported",
    "OPERATOR": "user-defined operators are not supported",
    "RULE": "rules are not supported",
    "UNLOGGED": "unlogged tables are not supported",
    "CAST": "CREATE CAST is not supported",
    "COLLATION": "CREATE COLLATION is not supported",
}  # fmt: skip


def create(reader: Reader, translate: TranslateSql) -> list[str]:
    """CREATE of anything except a table. The reader is after CREATE; `translate` is for a procedure's statements."""
    replace = reader.accept("OR", "REPLACE")
    if reader.peek("PROCEDURE") or reader.peek("FUNCTION"):
        return create_routine(reader, replace, translate)
    if reader.accept("VIEW"):
        return views.create_view(reader, replace)
    if reader.accept("MATERIALIZED", "VIEW"):
        if replace:
            raise RefusedByRedshift("CREATE OR REPLACE MATERIALIZED VIEW is not supported; drop it first")
        return views.create_materialized_view(reader)
    if reader.accept("SCHEMA"):
        return schemas.create_schema(reader)
    if reader.accept("DATABASE"):
        return schemas.create_database(reader)
    if reader.accept("EXTERNAL", "SCHEMA"):
        return external_schemas.create_schema(reader)
    if principal := reader.accept_any(*principals.KINDS):
        return principals.create(reader, principal)
    word = reader.next().upper
    if word in _REFUSED_OBJECTS:
        raise RefusedByRedshift(_REFUSED_OBJECTS[word])
    raise UnsupportedStatement(f"the local Redshift does not support CREATE {word}")


def alter(reader: Reader) -> list[str]:
    """ALTER of anything except a table. The reader is after ALTER."""
    if reader.accept("MATERIALIZED", "VIEW"):
        return views.alter_materialized_view(reader)
    if reader.accept("SCHEMA"):
        return schemas.alter_schema(reader)
    if kind := reader.accept_any("PROCEDURE", "FUNCTION"):
        return alter_routine(reader, kind, _dropped_object(reader, kind))
    if principal := reader.accept_any(*principals.KINDS):
        return principals.alter(reader, principal)
    if reader.accept("DEFAULT", "PRIVILEGES"):
        return permissions.default_privileges(reader)
    raise reader.unsupported("ALTER")


def _finish(reader: Reader, statement: str) -> str:
    reader.end()
    return statement


_DROPPABLE = (
    "TABLE", "VIEW", "SCHEMA", "PROCEDURE", "FUNCTION",
)  # fmt: skip


def drop(reader: Reader) -> list[str]:
    """DROP."""
    reader.expect("DROP")
    if principal := reader.accept_any(*principals.KINDS):
        return principals.drop(reader, principal)
    kind = "MATERIALIZED VIEW" if reader.accept("MATERIALIZED", "VIEW") else reader.accept_any(*_DROPPABLE)
    if kind is None:
        word = reader.next().upper
        if word in _REFUSED_OBJECTS:
            raise RefusedByRedshift(_REFUSED_OBJECTS[word].replace("CREATE", "DROP"))
        raise UnsupportedStatement(f"the local Redshift does not support DROP {word}")
    exists = "IF EXISTS " if reader.accept("IF", "EXISTS") else ""
    if kind == "SCHEMA":
        return schemas.drop_schema(reader, exists)
    names = [_dropped_object(reader, kind)]
    while reader.accept(","):
        names.append(_dropped_object(reader, kind))
    behaviour = reader.accept_any("CASCADE", "RESTRICT") or ""
    reader.end()
    return [f"DROP {kind} {exists}{', '.join(names)} {behaviour}".rstrip()]


def _dropped_object(reader: Reader, kind: str) -> str:
    name = reader.name()
    if kind not in ("PROCEDURE", "FUNCTION"):
        return name
    if not reader.peek("("):
        if kind == "PROCEDURE":
            return name
        raise reader.error("expected the argument types")
    return name + signature(reader)


_COMMENTED: dict[str, Callable[[Reader], str]] = {
    "TABLE": Reader.name, "COLUMN": Reader.name, "VIEW": Reader.name, "SCHEMA": Reader.name,
    "DATABASE": Reader.name, "PROCEDURE": lambda reader: reader.name() + signature(reader),
    "FUNCTION": lambda reader: reader.name() + signature(reader),
}  # fmt: skip


def comment(reader: Reader) -> list[str]:
    """COMMENT ON object IS 'text' | NULL."""
    reader.expect("COMMENT", "ON")
    kind = reader.accept_any(*_COMMENTED)
    if kind is None:
        raise reader.unsupported("COMMENT")
    name = _COMMENTED[kind](reader)
    reader.expect("IS")
    text = "NULL" if reader.accept("NULL") else quote_literal(reader.string())
    reader.end()
    return [_comment_on_view(name, text) if kind == "VIEW" else f"COMMENT ON {kind} {name} IS {text}"]


def _comment_on_view(name: str, text: str) -> str:
    """Handles COMMENT on a view: it includes materialized views in Redshift, but not in PostgreSQL.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_COMMENT.html
    """
    is_materialized = f"(SELECT relkind FROM pg_class WHERE oid = {quote_literal(name)}::regclass) = 'm'"
    body = (
        f"BEGIN IF {is_materialized} THEN COMMENT ON MATERIALIZED VIEW {name} IS {text}; "
        f"ELSE COMMENT ON VIEW {name} IS {text}; END IF; END"
    )
    return f"DO {quote_literal(body)}"
