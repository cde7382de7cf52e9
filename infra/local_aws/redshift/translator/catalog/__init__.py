"""Queries of Redshift's catalog and system views, and the SHOW family, as queries of the warehouse's own views.

Such a query runs on Redshift's leader node, which takes PostgreSQL's SQL. So the grammar of user tables does not apply.
"""

from __future__ import annotations

from ..positional import named, numbered
from ..reader import Reader
from . import queries, show

__all__ = ["queries", "show", "statement"]


def statement(sql: str) -> str | None:
    """Translates a catalog query or a statement of the SHOW family, with or without parameters (`$1`).

    Args:
        sql: One statement of Redshift, with or without a closing semicolon.

    Returns:
        The query for PostgreSQL; None if the statement is neither.

    Raises:
        RefusedByRedshift: Redshift would refuse it.
        UnsupportedStatement: The stand-in does not have what it asks for.
    """
    reader = Reader(named(sql))
    while reader.tokens and reader.tokens[-1].text == ";":
        reader.tokens.pop()
    translation = show.show(reader) if reader.peek("SHOW") else queries.catalog_query(reader.rest())
    return None if translation is None else numbered(translation)
