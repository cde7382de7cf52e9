"""Prepared statements of a session: PREPARE, EXECUTE and DEALLOCATE.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_PREPARE.html, r_EXECUTE.html and r_DEALLOCATE.html
"""

from __future__ import annotations

from collections.abc import Callable

from ..errors import RefusedByRedshift, UnsupportedStatement
from . import query
from .datatypes import read_type
from .positional import named, numbered
from .reader import Reader

_PREPARED = ("SELECT", "WITH", "(", "INSERT", "UPDATE", "DELETE")


def prepare(reader: Reader, translate: Callable[[str], list[str]]) -> list[str]:
    """PREPARE name [(type, …)] AS statement.

    Args:
        reader: is at PREPARE.
        translate: translates the statement.
    """
    reader.expect("PREPARE")
    name = reader.name()
    types = [_type(part) for part in reader.parens().split(",")] if reader.peek("(") else []
    reader.expect("AS")
    if not any(reader.peek(word) for word in _PREPARED):
        raise RefusedByRedshift("only SELECT, INSERT, UPDATE and DELETE can be prepared")
    statement = Reader(reader.rest())
    parts = translate(named(statement.sql))
    if len(parts) > 1:
        raise UnsupportedStatement(f"PREPARE of this statement: {statement.sql[:80]}")
    types_text = f" ({', '.join(types)})" if types else ""
    return [f"PREPARE {name}{types_text} AS {numbered(parts[0])}"]


def _type(part: Reader) -> str:
    data_type = read_type(part)
    part.end()
    return data_type.postgres


def execute(reader: Reader) -> list[str]:
    """EXECUTE name [(value, …)]."""
    reader.expect("EXECUTE")
    name = reader.name()
    values = [query.expression(part.rest()) for part in reader.parens().split(",")] if reader.peek("(") else []
    reader.end()
    return [f"EXECUTE {name}" + (f" ({', '.join(values)})" if values else "")]


def deallocate(reader: Reader) -> list[str]:
    """DEALLOCATE [PREPARE] {name | ALL}."""
    reader.expect("DEALLOCATE")
    reader.accept("PREPARE")
    name = "ALL" if reader.accept("ALL") else reader.name()
    reader.end()
    return [f"DEALLOCATE {name}"]
