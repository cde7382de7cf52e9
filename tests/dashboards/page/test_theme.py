"""Every text of the report has a contrast of at least 4.5 to what it is written on, in both appearances."""

from __future__ import annotations

import pytest

from dashboards.page import theme
from dashboards.palette import SEQUENTIAL


def luminance(colour: str) -> float:
    """Relative luminance as in WCAG 2.2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(ink: str, ground: str) -> float:
    lighter, darker = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("text", ["text", "muted", "link"])
@pytest.mark.parametrize("ground", ["page", "surface"])
def test_text_is_readable(colours: dict[str, str], text: str, ground: str) -> None:
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_marks_stand_out(colours: dict[str, str]) -> None:
    assert contrast(colours["mark"], colours["surface"]) >= 3


@pytest.mark.parametrize("number", range(len(SEQUENTIAL)))
def test_a_number_in_a_heat_map_is_readable(number: int) -> None:
    assert contrast(theme.ON_SEQUENTIAL[number], SEQUENTIAL[number]) >= 4.5
