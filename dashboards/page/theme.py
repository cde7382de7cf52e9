"""The colours of the page as CSS variables: for the light appearance, the dark one, and paper.

Marks have the colours of `dashboards.palette`. Text has a contrast of at least 4.5 to what it is written on (WCAG 2.2,
1.4.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboards.palette import CATEGORICAL, DARK_BACKGROUND, LIGHT_BACKGROUND, SEQUENTIAL

LIGHT = {
    "page": "#f4f6f8",
    "surface": LIGHT_BACKGROUND,
    "text": "#1b2230",
    "muted": "#566071",
    "line": "#dfe4ea",
    "link": "#1a5f9e",
    "mark": CATEGORICAL[0],
}
DARK = {
    "page": "#0e1216",
    "surface": DARK_BACKGROUND,
    "text": "#e9edf3",
    "muted": "#a7b1c0",
    "line": "#323a45",
    "link": "#6cb6ff",
    "mark": CATEGORICAL[3],
}
ON_SEQUENTIAL = ("#1b2230", "#1b2230", "#1b2230", "#ffffff", "#ffffff")
"""The text on each colour of `SEQUENTIAL`."""


def variables() -> str:
    """The style rules that define the variables: light by default and on paper, dark where the reader prefers it."""
    light = _block(LIGHT, SEQUENTIAL, ON_SEQUENTIAL)
    dark = _block(DARK, SEQUENTIAL[::-1], ON_SEQUENTIAL[::-1])
    return (
        f":root {{ color-scheme: light dark; {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    )


def _block(names: Mapping[str, str], heat: Sequence[str], on_heat: Sequence[str]) -> str:
    numbered = {f"series-{number}": colour for number, colour in enumerate(CATEGORICAL)}
    numbered |= {f"heat-{number}": colour for number, colour in enumerate(heat)}
    numbered |= {f"on-heat-{number}": colour for number, colour in enumerate(on_heat)}
    return " ".join(f"--{name}: {colour};" for name, colour in {**names, **numbered}.items())
