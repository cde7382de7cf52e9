"""Hides passwords and keys in a statement's text, for the history that the administrator reads."""

from __future__ import annotations

from ..errors import RefusedByRedshift
from .lexer import tokenize

_SECRET = frozenset(
    {"PASSWORD", "CREDENTIALS", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "TOKEN", "MASTER_SYMMETRIC_KEY"}
)
_HIDDEN = "'***'"


def redacted(sql: str) -> str:
    """The text with `'***'` for each string after PASSWORD, CREDENTIALS or the name of a key.

    A text whose quotes can't be read is cut at the first one.
    """
    try:
        return _redacted(sql)
    except RefusedByRedshift:
        return sql.partition("'")[0]


def _redacted(sql: str) -> str:
    parts = []
    at = 0
    previous = ""
    for token in tokenize(sql):
        if token.kind in ("string", "dollar") and previous in _SECRET:
            parts.append(sql[at : token.start] + _HIDDEN)
            at = token.end
        elif token.upper not in ("AS", "="):
            previous = token.upper
    return "".join(parts) + sql[at:]
