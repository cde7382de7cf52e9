"""Named parameters (`:name`) of the Data API, put into the statement as literals.

Redshift types a parameter by its context, exactly as it types a string literal; so a literal, well quoted, behaves the
same. Strings, comments, dollar quotes and `::type` are left alone because the statement is read token by token.
"""

from __future__ import annotations

from collections.abc import Iterable

from .lexer import tokenize


def used(sql: str) -> set[str]:
    """Names of the parameters that a statement refers to."""
    return {token.text[1:] for token in tokenize(sql) if token.kind == "param"}


def redshift_literal(value: str) -> str:
    """A value as a Redshift string literal, where a backslash is an escape too."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def bind(sql: str, values: dict[str, str]) -> str:
    """Replace each `:name` that has a value; others stay and are the parser's business."""
    made, at = "", 0
    for token in tokenize(sql):
        if token.kind == "param" and token.text[1:] in values:
            made += sql[at : token.start] + redshift_literal(values[token.text[1:]])
            at = token.end
    return made + sql[at:]


def unused(statements: Iterable[str], values: dict[str, str]) -> list[str]:
    """Names that were given but that no statement refers to."""
    referred: set[str] = set()
    for sql in statements:
        referred |= used(sql)
    return sorted(set(values) - referred)
