"""Reads conditions and orders as people type them: `venue__state_code = TX`, `venue__city in Austin, Dallas`."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from semantics.conditions import OPERATORS, BadCondition, Condition

_CONDITION = re.compile(
    r"\s*(?P<dimension>[A-Za-z_][A-Za-z0-9_]*)\s*"
    r"(?P<operator>is\s+not\s+null|is\s+null|not\s+in\b|in\b|between\b|<=|>=|!=|<>|=|<|>)"
    r"(?P<values>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SEVERAL = ("in", "not in", "between")
_BETWEEN = re.compile(r"\s+and\s+", re.IGNORECASE)


def condition(text: str) -> Condition:
    """A condition: a dimension, an operator, and a value or several with commas between them.

    A value may have double quotes around it. Within, they are doubled: `venue__city in "Paris, TX", Austin`.
    `between` takes `from and to`, or the two with a comma. Everything else in a value is taken as it is: it is no SQL.

    Raises:
        BadCondition: the text is no condition. The message shows what one looks like.
    """
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise BadCondition(
            f"{text!r} is no condition; write a dimension, an operator and a value, such as venue__state_code = TX. "
            f"The operators are: {', '.join(OPERATORS)}"
        )
    operator = " ".join(match["operator"].lower().split()).replace("<>", "!=")
    return Condition(match["dimension"].lower(), operator, _values(operator, match["values"].strip()))


def _values(operator: str, text: str) -> tuple[str, ...]:
    if operator == "between" and "," not in text:
        return tuple(_BETWEEN.split(text, maxsplit=1))
    if operator in _SEVERAL or text.startswith('"'):
        return _listed(text)
    return (text,) if text else ()


def _listed(text: str) -> tuple[str, ...]:
    """Values with commas between them. Quotes keep commas and spaces.

    Raises:
        BadCondition: a quote is not closed, or a line ends outside of quotes.
    """
    try:
        rows = list(csv.reader([text], skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise BadCondition(f"{text!r} is no list of values: {error}") from error
    values = rows[0] if rows else []
    return tuple(value if f'"{value}"' in text else value.strip() for value in values)


def names(texts: Sequence[str]) -> tuple[str, ...]:
    """Names from options that may be repeated and may hold several, with commas or spaces between them."""
    return tuple(name for text in texts for name in re.split(r"[,\s]+", text.strip().lower()) if name)
