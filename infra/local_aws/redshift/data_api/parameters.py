"""Named parameters (`:name`) of the Data API, inserted into the statement as literals.

Redshift infers a parameter's type from its context, exactly as for a string literal, so a well-quoted literal behaves
the same. Strings, comments, dollar quotes and `::type` are not affected, because the statement is read token by token.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..translator.lexer import tokenize


def used(sql: str) -> set[str]:
    """Names of the parameters in a statement."""
    return {token.text[1:] for token in tokenize(sql) if token.kind == "param"}


def redshift_literal(value: str) -> str:
    """A value as a Redshift string literal. In such a literal, a backslash is an escape too."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def bind(sql: str, values: dict[str, str]) -> str:
    """Replaces each `:name` that has a value. The parser handles the others."""
    bound_sql = ""
    at = 0
    for token in tokenize(sql):
        if token.kind == "param" and token.text[1:] in values:
            bound_sql += sql[at : token.start] + redshift_literal(values[token.text[1:]])
            at = token.end
    return bound_sql + sql[at:]


def unused(statements: Iterable[str], values: dict[str, str]) -> list[str]:
    """Names with a value that no statement uses."""
    referred: set[str] = set()
    for sql in statements:
        referred |= used(sql)
    return sorted(set(values) - referred)
