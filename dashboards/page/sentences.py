"""A sentence for each figure: what a reader should see in it, also if they don't see the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dashboards.declarations import Kind
from dashboards.page.figures import Column, Figure
from dashboards.page.values import brief

EMPTY = "There are no rows: the data have nothing to show here."
_FOLLOWERS = 2


def sentence(figure: Figure) -> str:
    """The sentence of a figure."""
    if not figure.rows or (figure.metrics and all(_is_blank(figure, column) for column in figure.metrics)):
        return EMPTY
    if figure.kind == Kind.NUMBER:
        return "; ".join(_with_unit(value, column) for column, value in _first_row(figure)) + "."
    if not figure.metrics or figure.kind == Kind.TABLE:
        return _rows(figure)
    if not figure.groups:
        return "; ".join(f"{column.label}: {brief(value, column)}" for column, value in _first_row(figure)) + "."
    if figure.kind == Kind.HEATMAP:
        return f"The peak is {_place(figure, _top(figure)[0])} with {_figure_of(figure, _top(figure)[0])}."
    if figure.groups[0].grain:
        return _over_time(figure)
    return _ranking(figure, "leads" if figure.kind in (Kind.BAR, Kind.SHARE) else "is the highest")


def _ranking(figure: Figure, verb: str) -> str:
    """Who leads, with what share, and who follows."""
    order = _top(figure)
    leader = f"{_place(figure, order[0])} {verb} with {_figure_of(figure, order[0])}{_share(figure, order[0])}"
    followers = [f"{_place(figure, row)} ({_value_of(figure, row)})" for row in order[1 : _FOLLOWERS + 1]]
    return f"{leader}, followed by {' and '.join(followers)}." if followers else f"{leader}."


def _over_time(figure: Figure) -> str:
    """The highest period, and the sum of all of them where numbers may be added."""
    (metric, *_), (period, *_) = figure.metrics, figure.groups
    best = _top(figure)[0]
    highest = f"The highest is {_place(figure, best)} with {_figure_of(figure, best)}"
    numbers = [Decimal(str(value)) for value in figure.values(metric) if value is not None]
    if not metric.is_additive or figure.is_cut or len(numbers) < _FOLLOWERS:
        return f"{highest}."
    days = [value for value in figure.values(period) if value is not None]
    span = f"from {brief(min(days), period)} to {brief(max(days), period)}"
    return f"{highest}; {_with_unit(sum(numbers), metric)} {span}."


def _share(figure: Figure, row: int) -> str:
    """The share that a row has of all rows, if all are there and may be added up."""
    metric = figure.metrics[0]
    numbers = [Decimal(str(value or 0)) for value in figure.values(metric)]
    total = sum(numbers)
    if not metric.is_additive or figure.is_cut or total <= 0 or min(numbers) < 0 or len(numbers) == 1:
        return ""
    return f" ({numbers[row] / total:.0%} of the total)"


def _top(figure: Figure) -> list[int]:
    """The positions of the rows, from the highest first number to the lowest; rows without a number come last."""
    numbers = figure.values(figure.metrics[0])
    return sorted(range(len(numbers)), key=lambda row: (numbers[row] is None, -(numbers[row] or 0)))


def _place(figure: Figure, row: int) -> str:
    return ", ".join(brief(figure.values(column)[row], column) for column in figure.groups)


def _value_of(figure: Figure, row: int) -> str:
    metric = figure.metrics[0]
    return brief(figure.values(metric)[row], metric)


def _figure_of(figure: Figure, row: int) -> str:
    metric = figure.metrics[0]
    return _with_unit(figure.values(metric)[row], metric)


def _with_unit(value: Any, metric: Column) -> str:
    text = brief(value, metric)
    is_said = not metric.unit or metric.format.startswith("$") or metric.format.endswith("%")
    return text if is_said else f"{text} {metric.unit}"


def _first_row(figure: Figure) -> Sequence[tuple[Column, Any]]:
    return list(zip(figure.columns, figure.rows[0], strict=True))


def _is_blank(figure: Figure, column: Column) -> bool:
    return all(value is None for value in figure.values(column))


def _rows(figure: Figure) -> str:
    count = f"{len(figure.rows):,} row{'' if len(figure.rows) == 1 else 's'}"
    names = [column for column in figure.groups if all(isinstance(value, str) for value in figure.values(column))]
    first = f"; {brief(figure.values(names[0])[0], names[0])} is at the top" if names else ""
    return f"The first {count} of more{first}." if figure.is_cut else f"{count}{first}."
