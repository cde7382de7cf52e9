"""The report in a real browser: at a phone's width and on a desk, light and dark, by keyboard and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards.page import theme
from tests.dashboards.page.conftest import Page

A4_INSIDE = round((297 - 2 * 14) / 25.4 * 96)
"""The height of a page of paper within its margins, in CSS pixels."""

# Texts that leave their card. A folded table may be scrolled, and the heads of a list are hidden on a phone.
SPILLED = """() => {
const isHidden = head => head && getComputedStyle(head).clipPath !== 'none';
return [...document.querySelectorAll('svg text, td, th, p, h3, summary')].filter(element => {
  const inner = element.getBoundingClientRect();
  const card = element.closest('figure');
  if (!card || !element.checkVisibility() || element.closest('.scroll, .sr') || isHidden(element.closest('thead')))
    return false;
  const outer = card.getBoundingClientRect();
  return inner.left < outer.left - 1 || inner.right > outer.right + 1
    || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
}).map(element => element.textContent); }"""


@pytest.fixture(scope="module")
def address(page: Page, tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page.text, encoding="utf-8")
    return file.as_uri()


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Any]:
    """Opens the report; afterwards, nothing was complained about and nothing else was loaded."""
    complaints: list[str] = []
    requests: list[str] = []
    contexts = []

    def at(width: int, scheme: str = "light") -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("request", lambda request: requests.append(request.url))
        tab.goto(address)
        return tab

    yield at
    for context in contexts:
        context.close()
    assert not complaints
    assert set(requests) == {address}


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_is_wider_than_the_window_or_leaves_its_card(opened: Any, width: int) -> None:
    tab = opened(width)
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert tab.evaluate(SPILLED) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_each_chart_is_drawn_once_in_the_size_for_the_window(opened: Any, width: int, page: Page) -> None:
    tab = opened(width)
    drawn = tab.locator("svg:visible")
    assert drawn.count() == len(page.document.xpath("//figure[.//svg]"))
    boxes = [drawn.nth(number).bounding_box() for number in range(drawn.count())]
    assert min(box["width"] for box in boxes) > width * 0.3
    assert min(box["height"] for box in boxes) > 80


@pytest.mark.parametrize(("scheme", "colours"), [("light", theme.LIGHT), ("dark", theme.DARK)])
def test_text_and_marks_follow_the_appearance(opened: Any, scheme: str, colours: dict[str, str]) -> None:
    tab = opened(1280, scheme)
    colour = "element => getComputedStyle(element)"
    assert tab.locator("body").evaluate(f"{colour}.backgroundColor") == rgb(colours["page"])
    assert tab.locator("h1").evaluate(f"{colour}.color") == rgb(colours["text"])
    bars = tab.locator("svg:visible").first.locator("path[fill='var(--mark)']")
    assert bars.first.evaluate(f"{colour}.fill") == rgb(colours["mark"])


def rgb(colour: str) -> str:
    return f"rgb({int(colour[1:3], 16)}, {int(colour[3:5], 16)}, {int(colour[5:7], 16)})"


def test_the_keyboard_reaches_and_opens_every_table(opened: Any) -> None:
    tab = opened(1280)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    count = tab.locator("summary").count()
    opened_tables = set()
    for _ in range(6 * count):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.tagName") == "SUMMARY":
            tab.keyboard.press("Enter")
            opened_tables.add(tab.evaluate("document.activeElement.closest('figure').getAttribute('aria-labelledby')"))
        if len(opened_tables) == count:
            break
    assert len(opened_tables) == count > 5
    assert tab.locator("details[open]").count() == count


def test_on_paper_no_chart_is_cut_and_everything_is_light(opened: Any) -> None:
    tab = opened(1280, "dark")
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": round((210 - 2 * 14) / 25.4 * 96), "height": A4_INSIDE})
    for card in tab.locator("figure:has(svg)").all():
        assert card.evaluate("element => getComputedStyle(element).breakInside") == "avoid"
        assert card.bounding_box()["height"] < A4_INSIDE
    assert tab.evaluate(SPILLED) == []
    ink = tab.locator("h1").evaluate("element => getComputedStyle(element).color")
    assert ink == rgb(theme.LIGHT["text"])
    assert tab.pdf(prefer_css_page_size=True).startswith(b"%PDF")
