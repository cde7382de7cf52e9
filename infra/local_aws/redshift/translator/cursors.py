"""Cursors of a session: DECLARE, FETCH, CLOSE.

Source: https://docs.aws.amazon.com/redshift/latest/dg/declare.html
"""

from __future__ import annotations

from ..errors import RefusedByRedshift
from . import query
from .reader import Reader


def declare(reader: Reader) -> list[str]:
    """DECLARE name CURSOR FOR query. PostgreSQL refuses it outside of a transaction, as Redshift does."""
    reader.expect("DECLARE")
    name = reader.name()
    for word in ("BINARY", "SCROLL", "INSENSITIVE", "NO"):
        if reader.peek(word):
            raise RefusedByRedshift(f"DECLARE {word} CURSOR is not supported")
    reader.expect("CURSOR")
    if reader.accept_any("WITH", "WITHOUT"):
        raise RefusedByRedshift("cursors WITH HOLD are not supported")
    reader.expect("FOR")
    return [f"DECLARE {name} CURSOR FOR {query.select(reader.rest())}"]


def fetch(reader: Reader) -> list[str]:
    """FETCH [NEXT | ALL | FORWARD [count | ALL]] FROM name."""
    reader.expect("FETCH")
    direction = reader.accept_any("NEXT", "ALL") or ""
    if not direction and reader.accept("FORWARD"):
        direction = "FORWARD"
        if reader.accept("ALL"):
            direction += " ALL"
        elif not reader.peek("FROM"):
            direction += f" {_count(reader)}"
    if not direction:
        raise reader.error("expected NEXT, ALL or FORWARD")
    reader.expect("FROM")
    name = reader.name()
    reader.end()
    return [f"FETCH {direction} FROM {name}"]


def _count(reader: Reader) -> int:
    count = reader.integer()
    if count < 1:
        raise RefusedByRedshift("FETCH FORWARD needs a positive count")
    return count


def close(reader: Reader) -> list[str]:
    """CLOSE name."""
    reader.expect("CLOSE")
    name = reader.name()
    reader.end()
    return [f"CLOSE {name}"]
