"""Bars, from left to right for a ranking, and upright for what has an order of its own: hours, weekdays, months."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from dashboards.page.figures import Figure
from dashboards.page.marks import (
    Mark,
    amounts_axis,
    cut,
    data,
    labels_that_fit,
    lookup,
    marks,
    plain,
    short,
)
from dashboards.page.style import CHARACTER, FONT, HEIGHT, SMALL_FONT, Drawing, Size
from dashboards.page.values import shown
from dashboards.palette import CATEGORICAL

BAR_STEP = 30
_STACKED_STEP = 44
_MOST_TEXTS = 16
"""More columns than this have an axis instead of a number above each."""
_FEWEST_COLUMNS = 5
_LONGEST_LABEL = 30
"""In characters, of a label at the side of its bar."""
_MOST_FOR_LABELS = 0.48
"""The share of a drawing's width that labels may take."""
_AXIS_ROOM = 40


def bars(figure: Figure, size: Size) -> Drawing:
    """Bars with their labels and values. Where there is no room next to a bar, its label stands above it."""
    items = marks(figure)
    longest = min(max(len(item["label"]) for item in items), _LONGEST_LABEL) * CHARACTER
    return _stacked_bars(items, size) if longest > size.width * _MOST_FOR_LABELS else _labelled_bars(items, size)


def _labelled_bars(items: list[Mark], size: Size) -> Drawing:
    names = [cut(item["label"], _LONGEST_LABEL) for item in items]
    width = size.width - round(max(map(len, names)) * CHARACTER) - 12
    axis = alt.Axis(
        labelExpr=lookup(names),
        labelLimit=0,
        labelFontSize=FONT,
        labelColor="var(--text)",
        domain=False,
        labelOverlap=False,
    )
    y = alt.Y("position:O", axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.15))
    chart = alt.Chart(data(items)).encode(x=_lengths(items, width), y=y)
    texts = chart.mark_text(align="left", dx=6, color="var(--text)", fontSize=SMALL_FONT).encode(text="text:N")
    layers = alt.layer(chart.mark_bar(color="var(--mark)"), texts)
    return layers.properties(width=width, height=BAR_STEP * len(items))


def _stacked_bars(items: list[Mark], size: Size) -> Drawing:
    longest = round(size.width / CHARACTER)
    items = [item | {"label": cut(item["label"], longest)} for item in items]
    chart = alt.Chart(data(items)).encode(x=_lengths(items, size.width), y=alt.Y("position:O", axis=None))
    marked = chart.mark_bar(color="var(--mark)", yOffset=9, height=alt.RelativeBandSize(0.35))
    texts = chart.mark_text(align="left", dx=6, dy=9, color="var(--text)", fontSize=SMALL_FONT).encode(text="text:N")
    heads = chart.mark_text(align="left", dy=-11, color="var(--muted)", fontSize=SMALL_FONT)
    layers = alt.layer(marked, texts, heads.encode(x=alt.value(0), text="label:N"))
    return layers.properties(width=size.width, height=_STACKED_STEP * len(items))


def _lengths(items: Sequence[Mark], width: int) -> alt.X:
    """The scale of horizontal bars, with room for the values at their ends."""
    room = max(len(item["text"]) for item in items) * CHARACTER + 12
    return alt.X("value:Q", axis=None, scale=_with_room(items, room / width))


def _with_room(items: Sequence[Mark], share: float) -> alt.Scale:
    """A scale from 0 that leaves a share of the whole free after the longest mark, and before the most negative."""
    numbers = [item["value"] or 0 for item in items]
    highest, lowest = max(0, *numbers), min(0, *numbers)
    share = min(share, 0.5)
    room = ((highest - lowest) or 1) * share / (1 - share)
    return alt.Scale(domain=[lowest - (room if lowest else 0), highest + room], nice=False)


def columns(figure: Figure, size: Size) -> Drawing:
    """Upright bars. A second group stacks them."""
    if len(figure.groups) > 1:
        return _stacked_columns(figure, size)
    items = marks(figure)
    longest = max(len(item["text"]) for item in items) * CHARACTER
    is_dense = len(items) > _MOST_TEXTS or size.width / len(items) < longest
    y = _amounts(figure) if is_dense else alt.Y("value:Q", axis=None, scale=_with_room(items, 0.1))
    width = size.width - (_AXIS_ROOM if is_dense else 0)
    chart = alt.Chart(data(items)).encode(x=_places([item["short"] for item in items], width), y=y)
    layers = [chart.mark_bar(color="var(--mark)", width=_share(items))]
    if not is_dense:
        layers.append(chart.mark_text(dy=-8, color="var(--text)", fontSize=SMALL_FONT).encode(text="text:N"))
    return alt.layer(*layers).properties(width=width, height=max(size.height, HEIGHT))


def _stacked_columns(figure: Figure, size: Size) -> Drawing:
    place, part, metric = *figure.groups[:2], figure.metrics[0]
    places = list(dict.fromkeys(figure.values(place)))
    parts = list(dict.fromkeys(shown(value, part) for value in figure.values(part)))
    rows = zip(figure.values(place), figure.values(part), figure.values(metric), strict=True)
    items = [
        {"position": places.index(value), "part": shown(name, part), "value": plain(number)}
        for value, name, number in rows
    ]
    colours = [f"var(--series-{number % len(CATEGORICAL)})" for number in range(len(parts))]
    colour = alt.Color("part:N", scale=alt.Scale(domain=parts, range=colours), legend=legend(parts, size.width))
    width = size.width - _AXIS_ROOM
    chart = (
        alt.Chart(data(items))
        .mark_bar(width=_share(places))
        .encode(x=_places([short(value, place) for value in places], width), y=_amounts(figure), color=colour)
    )
    stacked: Drawing = chart.properties(width=width, height=max(size.height, HEIGHT))
    return stacked


def _places(labels: Sequence[str], width: int) -> alt.X:
    axis = alt.Axis(
        labelExpr=lookup(labels), values=labels_that_fit(labels, width), labelAngle=0, labelOverlap=False, labelLimit=0
    )
    return alt.X("position:O", axis=axis, scale=alt.Scale(paddingInner=0.25, paddingOuter=0.1))


def _share(places: Sequence[object]) -> alt.RelativeBandSize:
    """The share of its place that a column takes: few columns don't become walls."""
    return alt.RelativeBandSize(min(1, len(places) / _FEWEST_COLUMNS))


def _amounts(figure: Figure) -> alt.Y:
    return alt.Y("value:Q", axis=amounts_axis(figure))


def legend(names: Sequence[str], width: int, symbol: str = "square") -> alt.Legend:
    """A legend of series, in as many columns as the width has room for."""
    longest = max(map(len, names)) * CHARACTER + 44
    return alt.Legend(columns=max(1, int(width // longest)), labelLimit=width - 40, symbolType=symbol)
