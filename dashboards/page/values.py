"""Values as people read them: numbers in their metric's format, dates by their period, and clean text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dashboards.page.figures import Column

NO_VALUE = "–"  # noqa: RUF001  a dash
UNKNOWN = "Unknown"
_WITHOUT_CENTS = 1000
LONGEST_TEXT = 160
"""A longer text, in characters, is shortened: a page has a limited size, whatever a source sends."""

_D3 = re.compile(r"(?P<sign>\+?)(?P<currency>\$?)(?P<comma>,?)(\.(?P<places>\d+))?(?P<trim>~?)(?P<kind>[fd%]?)")
_WEEKDAY = re.compile(r"[1-7] ((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)")
"""A weekday's label, such as `5 Friday`. The number makes it sort, and people don't need it."""
_ODD = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"


class UnknownFormat(ValueError):
    """A number's format is not one that a page can apply."""


def shown(value: Any, column: Column) -> str:
    """A value as its column shows it."""
    if value is None:
        return NO_VALUE if column.is_metric or column.format or column.grain else UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and column.name.endswith("_hour"):
        return f"{value:02d}:00"
    if isinstance(value, int | float | Decimal):
        return number(value, column.format or ("" if isinstance(value, int) else ",.2f"))
    if isinstance(value, date):
        return day(value, column.grain)
    return plain(value)


def brief(value: Any, column: Column) -> str:
    """A value for a drawing, a tile or a sentence: from a thousand on, money has no cents. Tables have them."""
    is_number = isinstance(value, int | float | Decimal)
    if is_number and column.format.startswith("$") and abs(value) >= _WITHOUT_CENTS:
        return number(value, "$,.0f")
    return shown(value, column)


def number(value: float | Decimal, pattern: str) -> str:
    """A number in a format of d3 (https://d3js.org/d3-format), with a proper minus sign.

    Raises:
        UnknownFormat: the format uses a part of the syntax that is not known here.
    """
    parts = _D3.fullmatch(pattern)
    if parts is None:
        raise UnknownFormat(f"format {pattern!r} of a number; known are + $ , .N ~ f d %")
    kind = {"d": "f", "": "f"}.get(parts["kind"], parts["kind"])
    places = parts["places"] if parts["places"] and parts["kind"] != "d" else "0"
    if not parts["kind"] and not parts["places"]:
        places = "0" if value == int(value) else "2"
    text = format(abs(value), f"{parts['comma']}.{places}{kind}")
    if parts["trim"] and "." in text:
        text = re.sub(r"\.?0+(?=%?$)", "", text)
    is_negative = value < 0 and any(digit in text for digit in "123456789")
    sign = "−" if is_negative else "+" if parts["sign"] and value > 0 else ""  # noqa: RUF001  a minus sign, not a hyphen
    return f"{sign}{parts['currency']}{text}"


def day(value: date, grain: str = "") -> str:
    """A date by the period that it begins: `5 Dec 2026`, `Dec 2026`, `Q4 2026`, `2026`."""
    if grain == "year":
        return f"{value:%Y}"
    if grain == "quarter":
        return f"Q{(value.month + 2) // 3} {value:%Y}"
    if grain == "month":
        return f"{value:%b %Y}"
    if isinstance(value, datetime) and not grain and (value.hour or value.minute):
        return f"{value.day} {value:%b %Y, %H:%M}"
    return f"{value.day} {value:%b %Y}"


def plain(value: Any) -> str:
    """A text on one line, shortened, without characters that are invisible or turn the reading direction."""
    weekday = _WEEKDAY.fullmatch(str(value))
    text = weekday[1] if weekday else str(value)
    clean = "".join(" " if character in "\t\r\n" else character for character in text)
    clean = "".join(
        character if character in _JOINERS or unicodedata.category(character) not in _ODD else "\ufffd"
        for character in clean
    )
    return clean if len(clean) <= LONGEST_TEXT else f"{clean[: LONGEST_TEXT - 1]}…"
