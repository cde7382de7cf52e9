"""A published star with hostile names, and the report made from it as an analyst makes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from lxml import html

from aws_services import resources
from dashboards.catalog import dashboard
from dashboards.page.figures import Section, Star
from dashboards.page.page import rendered
from dashboards.page.reading import section
from semantics.catalog import load as load_catalog
from tests.fixtures.warehouse import DirectRedshift, empty
from tests.warehouse.days import PIPELINE, Day, load
from warehouse.refresh import refresh

ANALYST = f"IAMR:{resources.ANALYST_ROLE}"
RUN_DATE = date(2026, 12, 1)
MADE_AT = datetime(2026, 12, 1, 4, 30, tzinfo=UTC)
HOSTILE = '<b onclick="x()">Bob\'s & "Sons"</b><script>alert(1)</script>\u202e]]>\x07'
STAR = Star("Ticketmaster", RUN_DATE, datetime(2026, 12, 1, 2, 14), 98.5)  # noqa: DTZ001  columns have no zone

SLUGS = ("account-managers", "operations")

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_VENUES = [
    {"venue_id": "V1", "name": "Oakenfold Arena", "city": "Austin", "state_code": "TX"},
    {"venue_id": "V2", "name": "Oakenfold Arena", "city": "Tampa", "state_code": "FL"},
    {"venue_id": "V3", "name": HOSTILE, "city": "Reno", "state_code": "NV"},
    {"venue_id": "V4", "name": "Théâtre Élysée 😀", "city": "Montréal", "state_code": "QC", "country_code": "CA"},
    {"venue_id": "V5", "name": "Oakenfold Arena", "city": "Austin", "state_code": "TX"},
]
_SEGMENTS = [
    {"classification_id": f"C{number}", "segment_id": f"S{number}", "segment_name": name}
    for number, name in enumerate(("Music", "Arts & Theatre", "Sports"))
]


def event(number: int) -> dict[str, Any]:
    """Events over 25 days; the earlier a venue in the list, the more of them. Every 9th is cancelled."""
    on = RUN_DATE + timedelta(days=1 + number * 7 % 25)
    return {
        "event_id": f"E{number}",
        "name": f"Show {number}",
        "venue_id": _VENUES[(number % 15 > 4) + (number % 15 > 8) + (number % 15 > 11) + (number % 15 > 13)][
            "venue_id"
        ],
        "attraction_id": "A1",
        "attractions": ["A1"],
        "classification_id": f"C{number % 3}",
        "classifications": [f"C{number % 3}"],
        "start_date": on,
        "start_date_key": int(f"{on:%Y%m%d}"),
        "local_hour": None if number == 3 else 19 + number % 3 if number % 4 else 14,
        "local_weekday": _WEEKDAYS[on.weekday()],
        "weekday_sort": on.isoweekday(),
        "status": "cancelled" if number % 9 == 0 else "onsale",
    }


def publish_day(redshift: DirectRedshift, events: list[dict[str, Any]]) -> None:
    """Load and refresh one day of the star."""
    day = Day(RUN_DATE, events, _VENUES, [{"attraction_id": "A1", "name": "Band"}], _SEGMENTS)
    refresh(redshift, PIPELINE, load(redshift, day))  # type: ignore[arg-type]


def read(redshift: DirectRedshift, missing: tuple[str, ...] = (), slug: str = "account-managers") -> Section:
    """A dashboard, read in an analyst's session."""
    session = redshift.sibling(ANALYST)
    try:
        return section(
            dashboard(slug),
            load_catalog(),
            missing,
            lambda queries: [session.execute(query) for query in queries.values()],
        )
    finally:
        session.close()


@dataclass(frozen=True)
class Page:
    """The report, its parsed form, and a session to compare it with."""

    text: str
    redshift: DirectRedshift

    @property
    def document(self) -> Any:
        return html.document_fromstring(self.text)

    def figure(self, title: str) -> Any:
        (card,) = [card for card in self.document.iter("figure") if card.find("h3").text_content() == title]
        return card

    def table(self, title: str) -> list[dict[str, str]]:
        """The full table of a figure: the folded one if there is one."""
        table = self.figure(title).xpath(".//table")[-1]
        heads = [head.text_content() for head in table.xpath("./thead/tr/th")]
        rows = [[cell.text_content() for cell in row] for row in table.xpath("./tbody/tr")]
        return [dict(zip(heads, row, strict=True)) for row in rows]

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return self.redshift.execute(sql)


@pytest.fixture(scope="module")
def page(migrated_redshift: DirectRedshift) -> Iterator[Page]:
    """The report of a published star."""
    empty(migrated_redshift)
    publish_day(migrated_redshift, [event(number) for number in range(120)])
    sections = [read(migrated_redshift, slug=slug) for slug in SLUGS]
    text = rendered("Boxoffice report", [STAR, Star("Tickit")], sections, MADE_AT)
    yield Page(text, migrated_redshift)
