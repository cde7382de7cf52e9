"""Figures as Vega-Lite specifications. Their colours and fonts are the page's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboards.declarations import Kind
from dashboards.page.bars import BAR_STEP, bars, columns
from dashboards.page.figures import Figure
from dashboards.page.heat_maps import heat_map
from dashboards.page.lines import lines
from dashboards.page.style import HEIGHT, TALLEST, Drawing, Size, styled

_DRAWINGS: dict[Kind, Callable[[Figure, Size], Drawing]] = {
    Kind.BAR: bars,
    Kind.COLUMN: columns,
    Kind.LINE: lines,
    Kind.HEATMAP: heat_map,
    Kind.SHARE: bars,  # people compare lengths better than the angles of a pie
}


def specification(figure: Figure, size: Size) -> dict[str, Any] | None:
    """A figure's specification. None if it isn't drawn: a number and a table are HTML, and no rows are a sentence."""
    draw = _DRAWINGS.get(figure.kind)
    if draw is None or not figure.rows or not figure.groups or not figure.metrics:
        return None
    written: dict[str, Any] = styled(draw(figure, size)).to_dict()
    return written


def natural_height(figure: Figure) -> int:
    """The height that a figure's drawing wants, in pixels, up to a limit. Figures in a row share the largest."""
    if figure.kind in (Kind.BAR, Kind.SHARE):
        return min(BAR_STEP * len(figure.rows), TALLEST)
    return HEIGHT if figure.kind in _DRAWINGS else 0
