"""Lines over time. Several metrics, or a second group, are several lines."""

from __future__ import annotations

import altair as alt

from dashboards.page.bars import legend
from dashboards.page.figures import Column, Figure
from dashboards.page.marks import Mark, amounts_axis, data, plain
from dashboards.page.style import HEIGHT, Drawing, Size
from dashboards.page.values import shown
from dashboards.palette import CATEGORICAL

_AXIS_ROOM = 48
_MOST_POINTS = 32
"""A line with more points than this is drawn without them."""


def lines(figure: Figure, size: Size) -> Drawing:
    """A figure as lines. A point without a number is a gap."""
    items, series = _points(figure)
    x_axis = alt.Axis(format=_pattern(figure.groups[0]), tickCount=max(2, size.width // 90), labelAngle=0)
    y_axis = amounts_axis(figure)
    chart = alt.Chart(data(items)).encode(
        x=alt.X("day:T", scale=alt.Scale(type="utc"), axis=x_axis), y=alt.Y("value:Q", axis=y_axis)
    )
    room = {"width": size.width - _AXIS_ROOM, "height": max(size.height, HEIGHT)}
    points = alt.OverlayMarkDef(size=36, opacity=1) if len(items) <= _MOST_POINTS else False
    if len(series) == 1:
        dots = alt.OverlayMarkDef(size=36, opacity=1, color="var(--mark)") if points else False
        single: Drawing = chart.mark_line(color="var(--mark)", strokeWidth=2.5, point=dots).properties(**room)
        return single
    colours = [f"var(--series-{number % len(CATEGORICAL)})" for number in range(len(series))]
    scale = alt.Scale(domain=series, range=colours)
    colour = alt.Color("series:N", sort=None, scale=scale, legend=legend(series, size.width, "stroke"))
    several: Drawing = chart.mark_line(strokeWidth=2.5, point=points).encode(color=colour).properties(**room)
    return several


def _pattern(period: Column) -> str:
    return {"year": "%Y", "quarter": "%b %Y", "month": "%b %Y"}.get(period.grain, "%-d %b")


def _points(figure: Figure) -> tuple[list[Mark], list[str]]:
    """The points of all lines, and the lines' names in their order."""
    period, *others = figure.groups
    points = []
    names: dict[str, None] = {}
    for row in figure.rows:
        values = dict(zip(figure.columns, row, strict=True))
        group = ", ".join(shown(values[column], column) for column in others)
        for metric in figure.metrics:
            name = ", ".join(filter(None, [group, metric.label if not group or len(figure.metrics) > 1 else ""]))
            names[name] = None
            if values[period] is not None:
                points.append({"day": f"{values[period]:%Y-%m-%d}", "value": plain(values[metric]), "series": name})
    return points, list(names)
