"""The report as a document: every chart is in it, its figures are those of the marts, and it loads and runs nothing."""

from __future__ import annotations

import re
from itertools import pairwise

import html5lib
import pytest
from lxml import etree

from dashboards.catalog import dashboard
from dashboards.declarations import Kind
from tests.dashboards.page.conftest import HOSTILE, SLUGS, Page

CHARTS = [chart for slug in SLUGS for chart in dashboard(slug).charts]
DRAWN = [chart.title for chart in dashboard("account-managers").charts if chart.kind not in (Kind.NUMBER, Kind.TABLE)]
ON = "NOT is_cancelled"


def test_every_declared_chart_is_there_with_a_title_and_a_sentence(page: Page) -> None:
    assert [head.text_content() for head in page.document.iter("h3")] == [chart.title for chart in CHARTS]
    for figure in page.document.iter("figure"):
        for name in ("aria-labelledby", "aria-describedby"):
            (described,) = page.document.xpath(f"//*[@id='{figure.get(name)}']")
            assert described.text_content().strip(), figure.get("aria-labelledby")


@pytest.mark.parametrize("title", DRAWN)
def test_a_drawing_is_valid_svg_for_both_widths_and_has_its_numbers_beside_it(page: Page, title: str) -> None:
    figure = page.figure(title)
    sizes = 2 + ("full" in figure.get("class"))
    assert [box.get("class") for box in figure.xpath(".//*[@role='img']")] == [
        "drawing wide",
        "drawing narrow",
        "drawing paper",
    ][:sizes]
    drawings = re.findall(r"<svg .*?</svg>", etree.tostring(figure, encoding="unicode"), re.DOTALL)
    assert len(drawings) == sizes
    for drawing in drawings:
        root = etree.fromstring(drawing)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.xpath("count(.//*[local-name()='path' or local-name()='rect' or local-name()='text'])") > 3
    assert figure.xpath("./details/summary"), "its numbers are folded"
    assert page.table(title)


def test_the_page_is_html_without_errors_and_every_id_is_its_own(page: Page) -> None:
    html5lib.HTMLParser(strict=True).parse(page.text)
    names = page.document.xpath("//@id")
    assert len(names) == len(set(names))


def test_the_page_loads_and_runs_nothing(page: Page) -> None:
    assert not page.document.xpath("//script | //link | //iframe | //img | //object | //embed | //base | //form")
    assert not [name for name in page.document.xpath("//@*") if name.attrname.startswith("on")]
    links = page.document.xpath("//@href | //@src | //@srcset | //@action | //*[local-name()='use']/@*")
    assert [link for link in links if not link.startswith("#")] == []
    assert "url(" not in page.text
    assert "@import" not in page.text
    policy = page.document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_a_hostile_name_is_text(page: Page) -> None:
    shown = HOSTILE.replace("\u202e", "\ufffd").replace("\x07", "\ufffd")
    assert f"{shown}, Reno" in [row["Venue"] for row in page.table("Venues to call first")]
    assert "onclick" not in [name.attrname for name in page.document.xpath("//@*")]
    assert "<script" not in page.text
    assert "\u202e" not in page.text


def test_figures_are_those_of_the_marts(page: Page) -> None:
    (numbers,) = page.rows(
        "SELECT COUNT(*) AS shows, COUNT(DISTINCT venue_id) AS venues, "
        "SUM(CASE WHEN local_hour IN (19, 20) THEN 1 ELSE 0 END) AS evening, COUNT(local_hour) AS timed, "
        "SUM(CASE WHEN weekday_sort IN (5, 6) THEN 1 ELSE 0 END) AS late, COUNT(weekday_sort) AS dated "
        f"FROM ticketmaster.mv_upcoming_shows WHERE {ON}"
    )
    assert numbers["shows"] > 90
    assert tile(page, "upcoming_events") == f"{numbers['shows']} shows"
    assert tile(page, "upcoming_venues") == f"{numbers['venues']} venues"
    assert tile(page, "evening_share") == f"{numbers['evening'] / numbers['timed']:.0%}"
    assert tile(page, "friday_saturday_share") == f"{numbers['late'] / numbers['dated']:.0%}"


def tile(page: Page, metric: str) -> str:
    (title,) = [chart.title for chart in CHARTS if chart.kind is Kind.NUMBER and chart.metrics == (metric,)]
    return page.figure(title).xpath("./p")[0].text_content()


def test_venues_of_one_name_stay_apart_in_the_ranking(page: Page) -> None:
    expected = page.rows(
        f"SELECT venue_label, COUNT(*) AS shows FROM ticketmaster.mv_upcoming_shows WHERE {ON} "
        "GROUP BY venue_id, venue_label ORDER BY 2 DESC, 1"
    )
    assert [row["Shows"] for row in ranked(page)] == [str(row["shows"]) for row in expected]
    shown = [row["Venue"] for row in ranked(page)]
    assert {"Oakenfold Arena, Austin · V1", "Oakenfold Arena, Austin · V5", "Oakenfold Arena, Tampa"} <= set(shown)
    drawn = page.figure("Busiest venues").xpath(".//*[@class='drawing wide']")[0].text_content()
    assert "Oakenfold Arena, Austin · V1" in drawn
    assert "Oakenfold Arena, Austin · V5" in drawn


def ranked(page: Page) -> list[dict[str, str]]:
    table = page.table("Busiest venues")
    number = next(name for name in table[0] if name != "Venue")
    return [{"Venue": row["Venue"], "Shows": row[number]} for row in table]


def test_an_hour_without_a_show_is_zero(page: Page) -> None:
    rows = page.rows(
        f"SELECT local_hour, COUNT(*) AS shows FROM ticketmaster.mv_upcoming_shows WHERE {ON} GROUP BY local_hour"
    )
    counts = {row["local_hour"]: row["shows"] for row in rows}
    shown = [list(row.values()) for row in page.table("Shows by start hour")]
    assert shown == [[f"{hour:02d}:00", str(counts.get(hour, 0))] for hour in range(24)]


def test_the_page_says_how_fresh_and_how_good_its_data_are(page: Page) -> None:
    head = page.document.xpath("//header")[0].text_content()
    assert "Made on 1 Dec 2026, 04:30 UTC" in head
    assert "data of 1 Dec 2026 · published 02:14 UTC · quality score 98.5 of 100" in head
    assert "not loaded yet" in head


def test_the_page_has_landmarks_and_headings_in_order(page: Page) -> None:
    assert page.document.get("lang") == "en"
    for landmark in ("header", "main", "footer"):
        assert len(list(page.document.iter(landmark))) == 1
    levels = [int(head.tag[1]) for head in page.document.xpath("//h1 | //h2 | //h3")]
    assert levels[:3] == [1, 2, 3]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    first = page.document.xpath("//body//a")[0]
    assert (first.get("href"), first.text_content()) == ("#content", "Skip to the charts")


def test_the_page_is_small(page: Page) -> None:
    assert len(page.text.encode()) < 400_000
