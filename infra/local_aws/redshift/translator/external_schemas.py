"""CREATE EXTERNAL SCHEMA. The session reads the tables of such a schema in place, see `transfer.external`.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_SCHEMA.html
"""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import RefusedByRedshift, UnsupportedStatement
from .lexer import quote_literal, quote_name
from .reader import Reader


def create_schema(reader: Reader) -> list[str]:
    """CREATE EXTERNAL SCHEMA [IF NOT EXISTS] … FROM DATA CATALOG. The reader is after CREATE EXTERNAL SCHEMA."""
    exists = reader.accept("IF", "NOT", "EXISTS")
    name = reader.word()
    reader.expect("FROM")
    if not reader.accept("DATA", "CATALOG"):
        raise UnsupportedStatement("external schemas are known FROM DATA CATALOG only")
    reader.expect("DATABASE")
    database = reader.string()
    role = ""
    while not reader.done:
        if reader.accept("REGION"):
            reader.string()
        elif reader.accept("IAM_ROLE"):
            role = "DEFAULT" if reader.accept("DEFAULT") else reader.string()
        else:
            raise reader.unsupported("clause of an external schema")
    if not role:
        raise RefusedByRedshift("an external schema needs IAM_ROLE")
    values = ", ".join(map(quote_literal, (name, database, role)))
    again = " ON CONFLICT DO NOTHING" if exists else ""
    return [
        f"CREATE SCHEMA {'IF NOT EXISTS ' if exists else ''}{quote_name(name)}",
        f"INSERT INTO rs.external_schemas (name, database, role) VALUES ({values}){again}",
    ]


def forget_schemas(names: Iterable[str]) -> str:
    """The additional statement for DROP SCHEMA."""
    return f"DELETE FROM rs.external_schemas WHERE name IN ({', '.join(map(quote_literal, names))})"
