"""What all drawings share: their sizes, their fonts, and a style without decoration."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

NARROW = 256
"""Pixels of a drawing on a phone that is 320 wide: what margins and a card's padding leave."""
PAPER = 600
"""Pixels of a drawing that takes the whole width of a printed page."""
HEIGHT = 220
TALLEST = 400
FONT = 13
SMALL_FONT = 12
CHARACTER = 7.6
"""About the width of a character, in pixels. It only decides how much room labels get."""

_PAGE = 1112
_GAP = 24
_CARD_PADDING = 50
_NARROWEST_SIDE_BY_SIDE = 400

Drawing = alt.Chart | alt.LayerChart | alt.FacetChart


@dataclass(frozen=True, slots=True)
class Size:
    """The room for a drawing, in pixels. Bars and heat maps are as high as their rows need, whatever `height` is."""

    width: int
    height: int = HEIGHT

    @property
    def is_narrow(self) -> bool:
        """Whether labels need lines of their own."""
        return self.width < _NARROWEST_SIDE_BY_SIDE


def card_width(twelfths: int) -> int:
    """The room for a drawing in a card that takes so many twelfths of the page, in pixels."""
    return round((_PAGE + _GAP) * twelfths / 12 - _GAP - _CARD_PADDING)


def styled(chart: Drawing) -> Drawing:
    """A drawing in the style of the page. Colours are CSS variables, which follow its light or dark appearance."""
    axis = alt.AxisConfig(
        labelColor="var(--muted)",
        labelFontSize=SMALL_FONT,
        labelPadding=6,
        grid=False,
        gridColor="var(--line)",
        domainColor="var(--line)",
        ticks=False,
        title=None,
    )
    legend = alt.LegendConfig(
        labelColor="var(--muted)",
        labelFontSize=SMALL_FONT,
        title=None,
        orient="top",
        symbolStrokeWidth=4,
        offset=8,
    )
    view = alt.ViewConfig(stroke=None)
    configured: Drawing = chart.configure(
        background="transparent", axis=axis, legend=legend, view=view, padding=0, font="Arial"
    )
    return configured
