"""Heat maps: two groups and a number, such as shows by hour and weekday."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from dashboards.page.figures import Figure
from dashboards.page.marks import Mark, data, labels_that_fit, lookup, plain, short
from dashboards.page.style import CHARACTER, Drawing, Size
from dashboards.page.values import shown
from dashboards.palette import SEQUENTIAL

_STEP = 32
_NARROW_STEP = 22


def heat_map(figure: Figure, size: Size) -> Drawing:
    """The first group from left to right, the second from top to bottom; on a phone the two change places.

    A cell without anything stays empty, so that the eye finds the others.
    """
    across, down = figure.groups[:2]
    if size.is_narrow:
        across, down = down, across
    metric = figure.metrics[0]
    heads, sides = (list(dict.fromkeys(figure.values(column))) for column in (across, down))
    rows = zip(figure.values(across), figure.values(down), figure.values(metric), strict=True)
    items: list[Mark] = [
        {"x": heads.index(x), "y": sides.index(y), "value": plain(value), "text": shown(value, metric) if value else ""}
        for x, y, value in rows
    ]
    tops = [short(value, across) for value in heads]
    names = [short(value, down) for value in sides]
    width = size.width - round(max(map(len, names)) * CHARACTER) - 12
    chart = alt.Chart(data(items)).encode(x=_across(tops, width, size), y=_down(names))
    longest = max(len(item["text"]) for item in items) * CHARACTER
    layers = _layers(chart, items, with_texts=width / len(heads) > longest + 4)
    step = _NARROW_STEP if size.is_narrow else _STEP
    return layers.properties(width=width, height=step * len(sides))


def _layers(chart: alt.Chart, items: Sequence[Mark], *, with_texts: bool) -> alt.LayerChart:
    """Cells, and their numbers if there is room, each in the colour that is readable on its shade."""
    highest = max((item["value"] or 0 for item in items), default=0) or 1
    empty = alt.value("var(--page)")
    cells = chart.mark_rect().encode(color=alt.condition("datum.value > 0", _shades("heat", highest), empty))
    layers = [cells]
    if with_texts:
        layers.append(chart.mark_text(fontSize=11).encode(text="text:N", color=_shades("on-heat", highest)))
    layered: alt.LayerChart = alt.layer(*layers).resolve_scale(color="independent")
    return layered


def _shades(name: str, highest: float) -> alt.Color:
    colours = [f"var(--{name}-{number})" for number in range(len(SEQUENTIAL))]
    return alt.Color("value:Q", scale=alt.Scale(type="quantize", domain=[0, highest], range=colours), legend=None)


def _across(labels: Sequence[str], width: int, size: Size) -> alt.X:
    axis = alt.Axis(
        labelExpr=lookup(labels),
        values=labels_that_fit(labels, width),
        labelAngle=0,
        domain=False,
        orient="top" if size.is_narrow else "bottom",
        labelLimit=0,
    )
    return alt.X("x:O", axis=axis, scale=alt.Scale(padding=0.06))


def _down(labels: Sequence[str]) -> alt.Y:
    axis = alt.Axis(labelExpr=lookup(labels), domain=False, labelLimit=0)
    return alt.Y("y:O", axis=axis, scale=alt.Scale(padding=0.06))
