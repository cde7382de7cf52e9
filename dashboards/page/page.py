"""The report: figures as one HTML page that loads nothing.

Every value is escaped by the template or by the drawing's library. A content security policy in the page also keeps a
browser from running or loading anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from dashboards.declarations import Kind
from dashboards.page import drawing, svg, theme
from dashboards.page.figures import Column, Figure, Section, Star
from dashboards.page.sentences import EMPTY, sentence
from dashboards.page.style import NARROW, PAPER, Size, card_width
from dashboards.page.values import brief, day, number, shown
from dashboards.palette import SEQUENTIAL

_TEMPLATES = Path(__file__).with_name("templates")
_MISSING = "The star {star} was never loaded, so its charts are left out. './boxoffice run' loads it."
_HALF = 6
_VISIBLE_ROWS = 15
"""Rows of a table that are visible at once. The others are folded."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The head of a table's column: its label, its CSS class, and whether its cells name their rows."""

    label: str
    css: str
    is_row_head: bool


def rendered(title: str, stars: Sequence[Star], sections: Sequence[Section], made_at: datetime) -> str:
    """The page.

    Args:
        title: its title.
        stars: the stars that its charts read.
        sections: the dashboards, from top to bottom.
        made_at: now, in UTC.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.globals["zip"] = zip
    template = environment.get_template("report.html")
    return template.render(
        title=title,
        stars=[{"title": star.title, "is_loaded": star.is_loaded, "facts": _facts(star)} for star in stars],
        sections=[_section(section) for section in sections],
        made_at=made_at,
        made_on=f"{day(made_at.date())}, {made_at:%H:%M} UTC",
        variables=Markup(theme.variables()),  # noqa: S704  our own text
        styles=Markup((_TEMPLATES / "report.css").read_text("utf-8")),  # noqa: S704  our own text
    )


def _facts(star: Star) -> str:
    """Date, freshness and quality in one line."""
    if star.run_date is None:
        return "not loaded yet"
    parts = [f"data of {day(star.run_date)}"]
    if star.published_at is not None:
        is_same_day = star.published_at.date() == star.run_date
        on = "" if is_same_day else f"{day(star.published_at.date())}, "
        parts.append(f"published {on}{star.published_at:%H:%M} UTC")
    if star.quality_score is not None:
        parts.append(f"quality score {number(star.quality_score, '.2~f')} of 100")
    return " · ".join(parts)


def _section(section: Section) -> dict[str, Any]:
    rows = []
    for row_number, figures in enumerate(section.rows):
        height = max(map(drawing.natural_height, figures))
        cards = [
            _card(figure, f"{section.slug}-{row_number}-{position}", height) for position, figure in enumerate(figures)
        ]
        rows.append({"cards": cards, "is_tiles": all(figure.kind == Kind.NUMBER for figure in figures)})
    return {
        "title": section.title,
        "slug": section.slug,
        "description": section.description,
        "missing": [_MISSING.format(star=name) for name in section.missing],
        "rows": rows,
    }


def _card(figure: Figure, name: str, height: int) -> dict[str, Any]:
    """A figure as the template shows it. The height is that of the drawings in its row."""
    drawings = _drawings(figure, height)
    is_tile = figure.kind == Kind.NUMBER
    metric = figure.metrics[0] if figure.metrics else None
    value = figure.values(metric)[0] if is_tile and metric and figure.rows else None
    is_heat_map = figure.kind == Kind.HEATMAP and bool(drawings) and metric is not None
    return {
        "id": name,
        "title": figure.title,
        "width": figure.width,
        "sentence": sentence(figure),
        "number": brief(value, metric) if is_tile and metric else None,
        "is_full": _is_full(figure),
        "description": figure.description,
        "unit": _unit(figure) if is_tile else "",
        "drawings": drawings,
        "scale": _scale(figure) if is_heat_map else None,
        "shades": len(SEQUENTIAL),
        "is_table": figure.kind == Kind.TABLE and bool(figure.rows),
        "visible": _VISIBLE_ROWS,
        "rest": figure.kind == Kind.TABLE and len(figure.rows) > _VISIBLE_ROWS,
        "note": figure.note or (figure.description if is_tile else ""),
        "heads": _heads(figure),
        "body": [
            [shown(value, column) for value, column in zip(row, figure.shown, strict=True)] for row in figure.table()
        ],
    }


def _drawings(figure: Figure, height: int) -> list[tuple[str, Markup]]:
    if sentence(figure) == EMPTY:
        return []
    drawings = []
    sizes = {"wide": Size(card_width(figure.width), height), "narrow": Size(NARROW)}
    if _is_full(figure):
        sizes["paper"] = Size(PAPER)
    for name, size in sizes.items():
        specification = drawing.specification(figure, size)
        if specification is not None:
            drawings.append((name, Markup(svg.drawn(specification))))  # noqa: S704  an SVG that its library escaped
    return drawings


def _is_full(figure: Figure) -> bool:
    """Whether a card takes the whole width of a printed page."""
    return figure.width > _HALF


def _unit(figure: Figure) -> str:
    metric = figure.metrics[0]
    return "" if metric.format.startswith("$") or metric.format.endswith("%") else metric.unit


def _scale(figure: Figure) -> tuple[str, str]:
    metric = figure.metrics[0]
    highest = max((value for value in figure.values(metric) if value is not None), default=0)
    return shown(0, metric), shown(highest, metric)


def _heads(figure: Figure) -> list[_Head]:
    """The heads of the table. The first column with text names its row."""
    classes = [_css(figure, column) for column in figure.shown]
    named = classes.index("") if "" in classes else 0
    return [
        _Head(column.label, css, position == named)
        for position, (column, css) in enumerate(zip(figure.shown, classes, strict=True))
    ]


def _css(figure: Figure, column: Column) -> str:
    """The class of a column's cells: `n` for numbers, which are aligned to the right, and `d` for dates."""
    values = [value for value in figure.values(column) if value is not None]
    if values and all(isinstance(value, date) for value in values):
        return "d"
    is_number = bool(values) and all(isinstance(value, int | float | Decimal) for value in values)
    return "n" if is_number or column.is_metric or column.format else ""
