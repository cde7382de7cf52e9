"""Rows at the bounds of their contracts: for every column, of all that could be sent, what the contract accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from itertools import cycle, islice
from typing import Annotated, Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from schemas.contract import CuratedRow

_EARTH_WIDE = [timezone(timedelta(hours=hours)) for hours in (-12, 0, 14)]
_DAYS = [date(*parts) for parts in ((1, 1, 1), (1582, 10, 4), (1582, 10, 15), (1899, 12, 30), (1900, 1, 1))]
_DAYS += [date(1900, 12, 31), date(1901, 1, 1), date(1970, 1, 1), date(2038, 1, 19), date(2262, 4, 12)]
_DAYS += [date(9999, 12, 30), date(9999, 12, 31)]
_TIMES = [datetime(day.year, day.month, day.day, *clock) for day in _DAYS for clock in ((), (23, 59, 59, 999_999))]  # noqa: DTZ001
_INTEGERS = [sign * 2**bits + off for bits in (7, 15, 31, 53, 63, 64) for sign in (-1, 1) for off in (-1, 0, 1)]
_AMOUNTS = [
    10**digits + off for digits in (5, 6, 8, 10, 12, 16) for off in (Decimal("-0.01"), Decimal(0), Decimal("0.001"))
]
_FLOATS = [
    0.0,
    -0.0,
    5e-324,
    2.2250738585072014e-308,
    0.1 + 0.2,
    90.0,
    90.00000000000001,
    180.0,
    1.7976931348623157e308,
]
_ODD_TEXT = [
    "",
    " ",
    "\x01\x7f\x85",
    "\x00",
    "\ud83c",
    "\ufeff\ufffe\uffff",
    "\\N",
    "\\",
    '"',
    "a\r\nb\tc",
    "|",
    "NaN",
    "é\u0301",
]
_WIDE = ("x", "é", "漢", "🎸")
_LENGTHS = sorted({n + off for n in (1, 2, 3, 5, 8, 10, 14, 16, 30, 50, 64, 100, 200) for off in (0, 1)})
_LONG = (32, 500, 1000, 2000, 4000, 16_000)

SENT: dict[str, tuple[list[Any], st.SearchStrategy[Any]]] = {
    "BOOLEAN": ([True, False], st.booleans()),
    "INTEGER": (_INTEGERS, st.integers()),
    "BIGINT": (_INTEGERS, st.integers()),
    "DOUBLE PRECISION": (
        [*_FLOATS, *(-number for number in _FLOATS), float("nan"), float("inf")],
        st.floats() | st.floats(-180, 180),
    ),
    "DECIMAL": (
        [
            *_AMOUNTS,
            *(-amount for amount in _AMOUNTS),
            *map(Decimal, ("-0", "1E+5", "1E-2", "0E+20", "NaN", "Infinity")),
        ],
        st.decimals() | st.decimals(-(10**6), 10**6, places=2),
    ),
    "DATE": (_DAYS, st.dates()),
    "TIMESTAMP": (
        [*_TIMES, *(moment.replace(tzinfo=zone) for moment in _TIMES for zone in _EARTH_WIDE)],
        st.datetimes() | st.datetimes(timezones=st.sampled_from(_EARTH_WIDE)),
    ),
    "VARCHAR": (
        [*_ODD_TEXT, *(wide * length for length in _LENGTHS for wide in _WIDE), *("🎸" * length for length in _LONG)],
        st.text(max_size=20) | st.text(st.characters(categories=("Cs", "Cc", "Co", "Cn", "So")), max_size=4),
    ),
}
"""Values that could be sent for a column, by its type in Redshift: the edges, and others. Many break the contract."""


@cache
def _sent(kind: str) -> tuple[Any, ...]:
    """The edges of a type, and what hypothesis makes of it."""
    edges, strategy = SENT[kind]
    values: list[Any] = []

    @settings(max_examples=40, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def make(value: Any) -> None:
        values.append(value)

    make()
    return (*edges, *values)


def declared(field: FieldInfo) -> Any:
    """A field's type with its bounds."""
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def accepted(field: FieldInfo, redshift_type: str) -> list[Any]:
    """The values that a column's contract accepts, as the contract returns them."""
    adapter: TypeAdapter[Any] = TypeAdapter(declared(field))
    return list(_accepted(adapter, _sent(re.match(r"[A-Z ]+", redshift_type)[0])))  # type: ignore[index]


def _accepted(adapter: TypeAdapter[Any], sent: tuple[Any, ...]) -> Iterator[Any]:
    for value in (*sent, None):
        try:
            yield adapter.validate_python(value)
        except ValidationError:
            continue


def rows(contract: type[CuratedRow]) -> list[CuratedRow]:
    """Rows that have every accepted value of every column at least once, and each key once."""
    columns = {
        column.name: accepted(contract.model_fields[column.name], column.redshift_type) for column in contract.columns()
    }
    most = max(map(len, columns.values()))
    values = zip(*(islice(cycle(column), most) for column in columns.values()), strict=True)
    candidates = [contract(**dict(zip(columns, row, strict=True))) for row in values]
    return list(
        {tuple(getattr(row, name) for name in contract.key) or row.row_hash(): row for row in candidates}.values()
    )


def stored(value: Any) -> Any:
    """A value as it must come back: an instant in UTC, without its zone."""
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
