"""The data products tell of what is on: not of what was cancelled, nor of what the source withdrew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import PIPELINE, Day, load
from warehouse.refresh import refresh
from warehouse.ticketmaster import STAR

D1, D2, D3 = (date(2026, 12, day) for day in (1, 2, 3))


def event(event_id: str, venue_id: str, on: date = date(2026, 12, 5), **more: Any) -> dict[str, Any]:
    start = {"start_date": on, "start_date_key": int(on.strftime("%Y%m%d"))}
    return {"event_id": event_id, "venue_id": venue_id, "attraction_id": "A1", "attractions": ["A1"]} | start | more


def day(on: date, *events: dict[str, Any]) -> Day:
    venues = [{"venue_id": name, "name": name} for name in ("Busy", "Ghost", "Off", "Past")]
    return Day(on, list(events), venues, [{"attraction_id": "A1", "name": "Band"}])


@pytest.fixture
def products(redshift: DirectRedshift) -> Iterator[DirectRedshift]:
    """Three days. Ghost's events are withdrawn, Off's cancelled, Past's was over when it was no longer shown."""
    busy = [event(f"B{number}", "Busy") for number in range(2)]
    off = [event(f"O{number}", "Off", status="cancelled") for number in range(3)]
    ghosts = [event(f"G{number}", "Ghost") for number in range(4)]
    past = event("P1", "Past", D2)
    load(redshift, day(D1, *busy, *off, *ghosts, past))
    load(redshift, day(D2, *busy, *off, past))
    run_id = load(redshift, day(D3, *busy, *off))
    refresh(redshift, PIPELINE, run_id)  # type: ignore[arg-type]
    yield redshift


def rows(redshift: DirectRedshift, sql: str) -> list[tuple]:
    return [tuple(row.values()) for row in redshift.execute(sql)]


def test_venues_are_ranked_by_what_is_still_on(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT venue_name, venue_rank, upcoming_events, event_days, cancelled_events "
        "FROM ticketmaster.mv_venue_activity ORDER BY 2",
    ) == [("Busy", 1, 2, 1, 0), ("Off", 2, 0, 0, 3)]
    (busiest,) = STAR.highlights
    assert rows(products, busiest.query) == [(1, "Busy", "Springfield", 2)]


def test_the_window_is_the_one_observed_in_utc(redshift: DirectRedshift) -> None:
    def late(event_id: str, local: date, at: datetime) -> dict[str, Any]:
        return event(event_id, "Busy", local, start_at=at)

    evening_before = late("E1", D1, datetime(2026, 12, 2, 3))  # noqa: DTZ001 - columns have no zone
    last_evening = late("E2", date(2026, 12, 31), datetime(2027, 1, 1, 3))  # noqa: DTZ001 - columns have no zone
    run_id = load(redshift, day(D2, evening_before, last_evening, event("E3", "Busy", D1)))
    refresh(redshift, PIPELINE, run_id)  # type: ignore[arg-type]

    assert rows(redshift, "SELECT upcoming_events, next_event_date FROM ticketmaster.mv_venue_activity") == [(1, D1)]


def test_an_event_with_several_unknown_attractions_counts_once(redshift: DirectRedshift) -> None:
    run_id = load(redshift, day(D1, event("E1", "Busy", attraction_id="X", attractions=["X", "Y"])))
    refresh(redshift, PIPELINE, run_id)  # type: ignore[arg-type]

    assert rows(redshift, "SELECT events, headlined_events FROM ticketmaster.mv_events_by_attraction") == [(1, 1)]


def test_a_withdrawn_event_is_in_no_product_and_a_past_one_stays(products: DirectRedshift) -> None:
    assert rows(
        products,
        "SELECT venue_name, events, cancelled_events FROM ticketmaster.mv_events_by_date_venue ORDER BY venue_name",
    ) == [("Busy", 2, 0), ("Off", 0, 3), ("Past", 1, 0)]
    assert rows(
        products,
        "SELECT events, headlined_events, venues, first_start_date, cancelled_events "
        "FROM ticketmaster.mv_events_by_attraction",
    ) == [(3, 3, 2, D2, 3)]
    assert rows(
        products,
        "SELECT SUM(events) AS e, SUM(cancelled_events) AS c, MAX(venues) AS v FROM ticketmaster.mv_monthly_summary",
    ) == [(3, 3, 2)]
    assert rows(products, "SELECT SUM(events) FROM ticketmaster.mv_events_by_hour_weekday") == [(3,)]
    assert rows(products, "SELECT events, cancelled_events, top_venues FROM ticketmaster.event_summary") == [
        (6, 3, "Busy (2); Past (1)")
    ]
    withdrawn = rows(products, "SELECT event_id FROM ticketmaster.v_events WHERE is_withdrawn ORDER BY 1")
    assert withdrawn == [(f"G{number}",) for number in range(4)]
