"""Groups without rows: an hour without a show is 0 on an axis of hours, not a gap that the eye skips."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

from dashboards.declarations import Kind
from dashboards.page.figures import Column, Figure

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST_AXIS = 400
_AXES = (Kind.COLUMN, Kind.LINE, Kind.HEATMAP)


def filled(figure: Figure) -> Figure:
    """A figure with a row for every hour, weekday, day or month of its axes.

    Only numbers that can be added up are filled, with 0. An average of no shows isn't 0.
    """
    metrics, groups = figure.metrics, figure.groups
    if figure.kind not in _AXES or not figure.rows or figure.is_cut or len(groups) + len(metrics) < len(figure.columns):
        return figure
    if not all(metric.is_additive for metric in metrics):
        return figure
    axes = [_axis(column, figure.values(column)) for column in groups]
    known = {row[: len(groups)]: row for row in figure.rows}
    zeros = tuple(0 for _ in metrics)
    if len(axes) > 1 and figure.kind != Kind.HEATMAP:
        axes = [axes[0], list(dict.fromkeys(figure.values(groups[1])))]
    places = list(product(*axes))
    if len(places) > _LONGEST_AXIS or len(places) <= len(known):
        return figure
    return replace(figure, rows=tuple(known.get(place, (*place, *zeros)) for place in places))


def _axis(column: Column, values: list[Any]) -> list[Any]:
    """All places of an axis, in order. What isn't known comes last."""
    known = list(dict.fromkeys(value for value in values if value is not None))
    unknown = [None] if None in values else []
    if known and column.name.endswith("_hour"):
        known = list(range(24))
    elif known and all(str(value)[2:] in _WEEKDAYS for value in known):
        known = [f"{number} {name}" for number, name in enumerate(_WEEKDAYS, start=1)]
    elif known and column.grain in ("day", "month"):
        known = _periods(min(known), max(known), column.grain)
    return [*known, *unknown]


def _periods(first: date, last: date, grain: str) -> list[date]:
    periods = [first]
    while periods[-1] < last and len(periods) <= _LONGEST_AXIS:
        periods.append(_next(periods[-1], grain))
    return periods


def _next(period: date, grain: str) -> date:
    if grain == "day":
        return period + timedelta(days=1)
    return (period.replace(day=28) + timedelta(days=4)).replace(day=1)
