"""Limits of a statement's size: what Redshift allows, and how deep the parser and PostgreSQL can nest."""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import RefusedByRedshift, UnsupportedStatement

_MAX_BYTES = 16 * 1024 * 1024
"""Source: https://docs.aws.amazon.com/redshift/latest/dg/c_redshift-sql.html"""
_MAX_DEPTH = 400
"""Levels of parentheses, brackets and CASE, or prefix operators in a row."""
_OPENING = frozenset({"(", "[", "{", "case"})
_CLOSING = frozenset({")", "]", "}", "end"})
_PREFIX = frozenset({"not", "-", "+", "~", "@", "!"})


def refuse_too_long(sql: str) -> None:
    """Raises RefusedByRedshift for a statement of more than 16 MB."""
    if len(sql) * 4 > _MAX_BYTES and len(sql.encode()) > _MAX_BYTES:
        raise RefusedByRedshift("Statement is too large. Statement Size: exceeds the maximum of 16777216 bytes")


def refuse_too_deep(words: Iterable[str]) -> None:
    """Raises UnsupportedStatement if a statement nests deeper than the parser can follow.

    Args:
        words: The texts of its tokens.
    """
    depth = 0
    prefixes = 0
    for word in words:
        text = word.lower()
        prefixes = prefixes + 1 if text in _PREFIX else 0
        depth += (text in _OPENING) - (text in _CLOSING)
        if max(depth, prefixes) > _MAX_DEPTH:
            raise UnsupportedStatement(f"the statement nests more than {_MAX_DEPTH} levels deep")
