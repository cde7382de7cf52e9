"""Values as SQL: the only place that writes what someone typed into a statement."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from semantics.documents import Datatype

_WORDS = {"true": "TRUE", "false": "FALSE"}
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_LONGEST = 1000

Value = str | int | float | Decimal | bool | date


class BadValue(ValueError):
    """A value does not fit the type of its dimension. The message shows what would."""


def literal(value: Value, datatype: Datatype) -> str:
    """A value as a literal of Redshift's dialect.

    Args:
        value: as someone typed it, or a Python value.
        datatype: the type of the dimension that it is compared with.

    Raises:
        BadValue: it is no such value.
    """
    match datatype:
        case "string":
            return _string(str(value))
        case "integer":
            return _integer(value)
        case "decimal":
            return _decimal(value)
        case "boolean":
            return _boolean(value)
        case "date":
            return f"CAST('{_parsed(value, date):%Y-%m-%d}' AS DATE)"
        case "datetime":
            return f"CAST('{_parsed(value, datetime):%Y-%m-%d %H:%M:%S.%f}' AS TIMESTAMP)"


def _string(text: str) -> str:
    """Text as a literal.

    A backslash is written as CHR(92): whether it escapes the next character depends on the server's settings.
    """
    if "\x00" in text:
        raise BadValue("text cannot have the character NUL")
    if len(text) > _LONGEST:
        raise BadValue(f"text of {len(text)} characters is too long; {_LONGEST} are possible")
    parts = ["'" + part.replace("'", "''") + "'" for part in text.split("\\")]
    return parts[0] if len(parts) == 1 else f"({' || CHR(92) || '.join(parts)})"


def _integer(value: Value) -> str:
    text = str(value).strip()
    if isinstance(value, bool) or not _INTEGER.fullmatch(text):
        raise BadValue(f"{text!r} is not a whole number")
    return str(int(text))


def _decimal(value: Value) -> str:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or abs(number.adjusted()) > 18:
        raise BadValue(f"{str(value)!r} is not a number")
    return f"{number:f}"


def _boolean(value: Value) -> str:
    word = str(value).strip().lower()
    if word not in _WORDS:
        raise BadValue(f"{str(value)!r} is neither true nor false")
    return _WORDS[word]


def _parsed(value: Value, kind: type[date]) -> date:
    if isinstance(value, kind):
        return value
    form = "a date such as 2026-11-30" if kind is date else "a time such as 2026-11-30T19:00:00"
    try:
        moment = kind.fromisoformat(str(value).strip())
    except ValueError:
        raise BadValue(f"{str(value)!r} is not {form}") from None
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        raise BadValue(f"{str(value)!r} is not {form}: leave the time zone out")
    return moment
