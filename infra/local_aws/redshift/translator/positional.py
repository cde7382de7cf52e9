"""Positional parameters (`$1`) of prepared statements, under names that every parser leaves alone.

sqlglot takes `$1,$2` for the start of a dollar quote with the tag `1,`, and our lexer reads the `1.` of `$1.$2` as a
number. So a parameter gets a name before a statement is read, and its number back in the translation.
"""

from __future__ import annotations

import re
from itertools import pairwise

from .lexer import tokenize

_PREFIX = "rs_parameter_"
_NAME = re.compile(rf'"?{_PREFIX}(\d+)"?')


def named(sql: str) -> str:
    """The statement with names in place of parameters. Text in strings and comments stays."""
    if "$" not in sql:
        return sql
    parts = []
    at = 0
    tokens = tokenize(sql)
    for sign, number in pairwise(tokens):
        if sign.text == "$" and number.kind == "number" and number.start == sign.end:
            digits = re.match(r"\d+", number.text)
            if digits:
                parts.append(f"{sql[at : sign.start]}{_PREFIX}{digits[0]}")
                at = number.start + digits.end()
    return "".join(parts) + sql[at:]


def numbered(sql: str) -> str:
    """The translated statement with parameters in place of their names."""
    return _NAME.sub(r"$\1", sql)


def parameter(name: str) -> str | None:
    """`$1` if the name is that of a parameter, or None."""
    match = _NAME.fullmatch(name)
    return f"${match[1]}" if match else None
