"""How values look: numbers in the formats of the semantic model, dates by their period, text as one clean line."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from dashboards.page.figures import Column
from dashboards.page.values import LONGEST_TEXT, UnknownFormat, number, plain, shown
from semantics.catalog import load

NUMBERS = [
    (1234, ",d", "1,234"),
    (1234567.891, ",.0f", "1,234,568"),
    (Decimal("1234.5"), "$,.2f", "$1,234.50"),
    (-5, "$,.0f", "−$5"),  # noqa: RUF001
    (-0.2, ",.0f", "0"),
    (0.654, ".0%", "65%"),
    (0.6543, ".1%", "65.4%"),
    (5, "+,d", "+5"),
    (0, "+,d", "0"),
    (-5, "+,d", "−5"),  # noqa: RUF001
    (98.5, ".2~f", "98.5"),
    (100, ".2~f", "100"),
    (3, "", "3"),
    (2.5, "", "2.50"),
]


@pytest.mark.parametrize(("value", "pattern", "expected"), NUMBERS)
def test_a_number_has_its_format(value: float, pattern: str, expected: str) -> None:
    assert number(value, pattern) == expected


def test_a_format_that_is_not_known_is_refused() -> None:
    with pytest.raises(UnknownFormat, match=r"format '\.3s'"):
        number(1, ".3s")


def test_every_format_of_the_semantic_model_is_known() -> None:
    catalog = load()
    formats = {entry.format for entry in (*catalog.metrics.values(), *catalog.dimensions.values())}
    for pattern in formats - {""}:
        if "%d" not in pattern:  # a date's
            number(1, pattern)
    assert len(formats) > 2


@pytest.mark.parametrize(
    ("value", "column", "expected"),
    [
        (date(2026, 12, 5), Column("d", "Day", grain="day"), "5 Dec 2026"),
        (date(2026, 12, 1), Column("d", "Month", grain="month"), "Dec 2026"),
        (datetime(2026, 10, 1), Column("d", "Quarter", grain="quarter"), "Q4 2026"),  # noqa: DTZ001
        (date(2026, 1, 1), Column("d", "Year", grain="year"), "2026"),
        (datetime(2026, 12, 5, 19, 30), Column("d", "Start"), "5 Dec 2026, 19:30"),  # noqa: DTZ001
        (19, Column("show__local_hour", "Hour"), "19:00"),
        (True, Column("f", "Weekend"), "yes"),
        ("5 Friday", Column("w", "Weekday"), "Friday"),
        ("3 Doors Down", Column("a", "Artist"), "3 Doors Down"),
        (None, Column("c", "City"), "Unknown"),
        (None, Column("n", "Shows", is_metric=True, format=",d"), "–"),  # noqa: RUF001
        (Decimal("1.5"), Column("n", "Latitude"), "1.50"),
    ],
)
def test_a_value_is_shown_by_its_column(value: Any, column: Column, expected: str) -> None:
    assert shown(value, column) == expected


def test_text_is_one_line_without_invisible_characters_and_not_endless() -> None:
    assert plain("a\tb\nc") == "a b c"
    assert plain("a\x07\u202eb\ud800") == "a\ufffd\ufffdb\ufffd"
    assert plain("👩\u200d🎤") == "👩\u200d🎤"
    assert len(plain("x" * 10_000)) == LONGEST_TEXT
