"""The rows of a figure as what a drawing needs: a position, a number and texts.

Every text that a drawing shows is formatted here, so that a drawing, a sentence and a table never disagree.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from dashboards.declarations import Kind
from dashboards.page.figures import Column, Figure
from dashboards.page.labels import SEPARATOR
from dashboards.page.style import CHARACTER
from dashboards.page.values import brief, shown

_SHORTEST_STEM = 8
_MOST_LINES = 4
_ABBREVIATED = 10_000
"""From here on, an axis writes `10k`."""

Mark = dict[str, Any]
"""`position` of the row, `value`, `text` of the value, `label` of the row, and `short`, the label for an axis."""


def marks(figure: Figure) -> list[Mark]:
    """The marks of a figure's first metric, one a row."""
    metric = figure.metrics[0]
    numbers = figure.values(metric)
    return [
        {
            "position": row,
            "label": _label(figure, row),
            "short": short_label(figure, row),
            "value": plain(number),
            "text": _text(figure, number, numbers),
        }
        for row, number in enumerate(numbers)
    ]


def _label(figure: Figure, row: int) -> str:
    return ", ".join(shown(figure.values(column)[row], column) for column in figure.groups)


def _text(figure: Figure, number: Any, numbers: Sequence[Any]) -> str:
    text = brief(number, figure.metrics[0])
    total = sum(float(part or 0) for part in numbers)
    if figure.kind == Kind.SHARE and total > 0 and not figure.is_cut:
        return f"{float(number or 0) / total:.0%} ({text})"
    return text


def short_label(figure: Figure, row: int) -> str:
    """A row's label for an axis."""
    return ", ".join(short(figure.values(column)[row], column) for column in figure.groups[:1])


def short(value: Any, column: Column) -> str:
    """A value for an axis: a day without its year, a weekday by three letters."""
    text = shown(value, column)
    if isinstance(value, date) and column.grain in ("", "day", "week"):
        return f"{value.day} {value:%b}"
    is_weekday = text.endswith("day") and text != str(value)
    return text[:3] if is_weekday else text


def cut(text: str, length: int) -> str:
    """A text of about so many characters at most. The key at its end stays whole."""
    stem, separator, key = text.rpartition(SEPARATOR) if SEPARATOR in text else (text, "", "")
    room = max(length - len(separator) - len(key), _SHORTEST_STEM)
    return text if len(stem) <= room else f"{stem[: room - 1].rstrip(' ,')}…{separator}{key}"


def lookup(labels: Sequence[str]) -> str:
    """An expression for the label of `datum.value`, a position. JSON's strings are literals of Vega's language too."""
    return f"{json.dumps(list(labels))}[datum.value]"


def labels_that_fit(labels: Sequence[str], width: float) -> list[int]:
    """The positions whose labels an axis of that width has room for, at equal distances."""
    longest = max(map(len, labels)) * CHARACTER + 10
    every = max(1, int(-(-len(labels) * longest // width)))
    return [position for position in range(len(labels)) if position % every == 0]


def amounts_axis(figure: Figure) -> alt.Axis:
    """The axis of amounts: a few lines, at whole numbers for what is counted."""
    metric = figure.metrics[0]
    highest = max((abs(value) for value in figure.values(metric) if value is not None), default=0)
    is_count = metric.format.endswith(("d", ".0f"))
    lines = max(1, min(_MOST_LINES, int(highest))) if is_count else _MOST_LINES
    return alt.Axis(grid=True, domain=False, tickCount=lines, format=_axis_format(metric, highest))


def _axis_format(metric: Column, highest: float) -> str:
    """The format of the few round numbers of an axis: `20%`, `$1.5M`, `2,000`."""
    if metric.format.endswith("%"):
        return ".0%"
    pattern = "~s" if highest >= _ABBREVIATED else ",~f"
    return f"${pattern}" if metric.format.startswith("$") else pattern


def plain(value: Any) -> float | int | None:
    """A number for JSON."""
    return value if value is None or isinstance(value, int) else float(value)


def data(items: Sequence[Mark]) -> alt.InlineData:
    """Marks as the data of a drawing."""
    return alt.InlineData(values=list(items))
