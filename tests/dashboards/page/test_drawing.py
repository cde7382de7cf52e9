"""Each kind of chart as SVG, with the rows that are hard to draw."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from lxml import etree

from dashboards.declarations import Kind
from dashboards.page.drawing import specification
from dashboards.page.figures import Column, Figure
from dashboards.page.labels import distinct
from dashboards.page.style import NARROW, Size, card_width
from dashboards.page.svg import drawn
from tests.dashboards.page.test_sentences import DAY, KEY, SHOWS, VENUE

CHANGE = Column("change", "Change", is_metric=True, format="+,d", is_additive=True)
PART = Column("part", "Part")
SIZES = [Size(card_width(6)), Size(NARROW)]


def svg(figure: Figure, size: Size) -> Any:
    written = specification(figure, size)
    assert written is not None
    return etree.fromstring(drawn(written))


def texts(root: Any) -> list[str]:
    return [element.text for element in root.iter("{*}text")]


FIGURES = {
    "one bar": Figure("", Kind.BAR, (VENUE, SHOWS), (("Oak", 1),)),
    "only zeros": Figure("", Kind.BAR, (VENUE, SHOWS), (("Oak", 0), ("Elm", 0))),
    "no number": Figure("", Kind.BAR, (VENUE, SHOWS), (("Oak", 3), ("Elm", None))),
    "negative": Figure("", Kind.BAR, (VENUE, CHANGE), (("Oak", 3), ("Elm", -7))),
    "one column": Figure("", Kind.COLUMN, (DAY, SHOWS), ((date(2026, 12, 1), 2),)),
    "stacked": Figure("", Kind.COLUMN, (DAY, PART, SHOWS), ((date(2026, 12, 1), "a", 2), (date(2026, 12, 1), "b", 3))),
    "one point": Figure("", Kind.LINE, (DAY, SHOWS), ((date(2026, 12, 1), 2),)),
    "lines": Figure(
        "",
        Kind.LINE,
        (DAY, PART, SHOWS),
        tuple((date(2026, 12, day), part, day) for day in (1, 2) for part in "abcdefgh"),
    ),
    "share": Figure("", Kind.SHARE, (PART, SHOWS), (("Music", 3), (None, 1))),
    "one cell": Figure("", Kind.HEATMAP, (PART, VENUE, SHOWS), (("a", "Oak", 3),)),
}


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_drawing_fits_its_width_and_has_only_known_colours(figure: Figure, size: Size) -> None:
    root = svg(figure, size)
    assert float(root.get("width")) < size.width * 1.12
    assert "NaN" not in etree.tostring(root, encoding="unicode")
    colours = {element.get(name) for element in root.iter() for name in ("fill", "stroke")} - {None, "none"}
    assert {colour for colour in colours if not colour.startswith("var(--")} <= {"transparent"}
    assert not root.xpath("//@id")


def test_bars_of_one_label_stay_apart_by_their_keys() -> None:
    name = "A venue with an endless name, Oak"
    figure = Figure("", Kind.BAR, (KEY, VENUE, SHOWS), (("K1", name, 2), ("K2", name, 1), ("K3", "Elm", 1)))
    root = svg(distinct(figure, {"venue__label": "venue"}), SIZES[0])
    assert {"A venue with an endless… · K1", "A venue with an endless… · K2", "Elm"} <= set(texts(root))


def test_a_label_cannot_leave_its_expression() -> None:
    label = '"]; alert(1); ["\'\\ </script>'
    root = svg(Figure("", Kind.BAR, (VENUE, SHOWS), ((label, 2),)), SIZES[0])
    assert label in texts(root)


def test_shares_are_of_the_whole() -> None:
    assert {"75% (3)", "25% (1)"} <= set(texts(svg(FIGURES["share"], SIZES[0])))


def test_a_cell_without_anything_stays_empty() -> None:
    rows = tuple((part, venue, 0 if part == venue else 5) for part in "ab" for venue in "ab")
    assert texts(svg(Figure("", Kind.HEATMAP, (PART, VENUE, SHOWS), rows), SIZES[0])).count("5") == 2


def test_an_axis_of_counts_has_whole_numbers() -> None:
    assert [text for text in texts(svg(FIGURES["stacked"], SIZES[0])) if text[0].isdigit()] == ["1 Dec", "0", "2", "4"]
    once = Figure("", Kind.COLUMN, (DAY, PART, SHOWS), ((date(2026, 12, 1), "a", 2),))
    assert [text for text in texts(svg(once, SIZES[0])) if text[0].isdigit()] == ["1 Dec", "0", "1", "2"]
