"""The data products tell of what is on: not of what was cancelled, nor of what the source withdrew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import PIPELINE, Day, load
from warehouse.refresh import refresh
from warehouse.ticketmaster import STAR
from warehouse.ticketmaster.expectations import expected_events

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
        "FROM ticketmaster.mv_venue_activity ORDER BY 2, 1",
    ) == [("Busy", 1, 2, 1, 0), ("Off", 2, 0, 0, 3), ("Past", 2, 0, 0, 0)]
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


def test_a_show_that_is_listed_several_times_counts_once_in_every_product(redshift: DirectRedshift) -> None:
    def beside(event_id: str, kind: str, **more: Any) -> dict[str, Any]:
        of_game = {"is_show": False, "inventory_kind": kind, "show_of": "GAME", "non_show_reason": "like_a_show"}
        return event(event_id, "Ghost", price_min=1, price_max=2, price_currency="USD") | of_game | more

    game = event("GAME", "Busy", price_min=50, price_max=90, price_currency="USD")
    others = [beside("Za1", "duplicate_listing"), beside("Za2", "suite"), beside("Za3", "parking", status="cancelled")]
    run_id = load(redshift, day(D1, game, *others))
    refresh(redshift, PIPELINE, run_id)  # type: ignore[arg-type]

    for view in ("mv_events_by_date_venue", "mv_events_by_attraction", "mv_monthly_summary"):
        assert rows(redshift, f"SELECT events, cancelled_events FROM ticketmaster.{view}") == [(1, 0)], view
    assert rows(redshift, "SELECT venue_name, upcoming_events FROM ticketmaster.mv_venue_activity") == [("Busy", 1)]
    assert rows(redshift, "SELECT SUM(events) FROM ticketmaster.mv_events_by_hour_weekday") == [(1,)]
    summary = (
        "SELECT events, shows, cancelled_events, venues, priced_events, price_min_usd FROM ticketmaster.event_summary"
    )
    assert rows(redshift, summary) == [(4, 1, 0, 1, 1, 50)]
    kinds = "SELECT inventory_kind, show_of FROM ticketmaster.v_events ORDER BY event_id"
    assert rows(redshift, kinds) == [
        ("show", "GAME"), ("duplicate_listing", "GAME"), ("suite", "GAME"), ("parking", "GAME"),
    ]  # fmt: skip


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


ALWAYS = [event(f"Always {number}", "Busy") for number in range(6)]
"""Shown every day, so that no day is too small, compared with another, to be published."""


def withdrawn(redshift: DirectRedshift) -> dict[str, date]:
    return dict(rows(redshift, "SELECT event_id, withdrawn_on FROM ticketmaster.v_events WHERE is_withdrawn"))


class TestWithdrawal:
    """Thirty days are observed. An event is withdrawn by the first day that should have shown it and did not."""

    @staticmethod
    def observe(redshift: DirectRedshift, on: date, *events: dict[str, Any], days: int = 30) -> None:
        observed = day(on, *ALWAYS, *events)
        observed.to = on + timedelta(days=days)
        load(redshift, observed)

    def test_what_moved_beyond_the_window_is_not_withdrawn_by_a_day_that_does_not_look_there(
        self, redshift: DirectRedshift
    ) -> None:
        moved = date(2027, 4, 1)
        self.observe(redshift, D1, event("E1", "Busy", date(2026, 12, 9)))
        self.observe(redshift, D2, event("E1", "Busy", moved, status="rescheduled"))
        self.observe(redshift, D3)
        assert withdrawn(redshift) == {}

        looked_there = moved - timedelta(days=10)
        self.observe(redshift, looked_there)
        assert withdrawn(redshift) == {"E1": looked_there}

    def test_what_is_missing_where_a_day_looked_is_withdrawn_on_the_first_such_day(
        self, redshift: DirectRedshift
    ) -> None:
        soon, late, tonight = date(2026, 12, 9), date(2026, 12, 30), D2
        events = [event("soon", "Busy", soon), event("late", "Busy", late), event("tonight", "Busy", tonight)]
        undated = event("undated", "Busy") | {"start_date": None, "start_date_key": 0}
        self.observe(redshift, D1, *events, undated)
        self.observe(redshift, D2, days=20)
        assert withdrawn(redshift) == {"soon": D2, "undated": D2}
        self.observe(redshift, D3)
        assert withdrawn(redshift) == {"soon": D2, "undated": D2, "late": D3}

    def test_the_last_evening_of_a_window_is_covered_by_its_start_in_utc(self, redshift: DirectRedshift) -> None:
        last_day = D2 + timedelta(days=29)
        within = event("within", "Busy", last_day, start_at=datetime(2026, 12, 31, 23, 59))  # noqa: DTZ001
        beyond = event("beyond", "Busy", last_day, start_at=datetime(2027, 1, 1))  # noqa: DTZ001
        self.observe(redshift, D1, within, beyond, event("no time", "Busy", last_day))
        self.observe(redshift, D2)
        assert withdrawn(redshift) == {"within": D2}

    def test_what_comes_back_is_not_withdrawn_any_more_and_a_day_observed_again_counts_anew(
        self, redshift: DirectRedshift
    ) -> None:
        self.observe(redshift, D1, event("E1", "Busy"), event("E2", "Busy"))
        self.observe(redshift, D2)
        assert withdrawn(redshift) == {"E1": D2, "E2": D2}
        self.observe(redshift, D3, event("E1", "Busy"))
        assert withdrawn(redshift) == {"E2": D2}

        again = day(D2, *ALWAYS, event("E2", "Busy"))
        load(redshift, again, observation=2)
        assert withdrawn(redshift) == {"E2": D3}

    def test_a_day_expects_what_the_day_before_showed_and_its_window_covers(self, redshift: DirectRedshift) -> None:
        end = D2 + timedelta(days=30)
        always = [row["event_id"] for row in ALWAYS]
        self.observe(
            redshift,
            D1,
            event("tomorrow", "Busy", D3),
            event("today", "Busy", D2),
            event("beyond", "Busy", end),
            event("undated", "Busy") | {"start_date": None, "start_date_key": 0},
            event("somewhere", "nowhere"),
        )
        of_second_day = {"US": [*always, "tomorrow", "undated"], None: ["somewhere"]}
        assert self.expected(redshift, D2, end) == of_second_day
        self.observe(redshift, D2, event("tomorrow", "Busy", D3))
        assert self.expected(redshift, D3, end) == {"US": always}
        assert self.expected(redshift, D2, end) == of_second_day, "also when the day is observed again"
        assert self.expected(redshift, D1, end) == {}

    @staticmethod
    def expected(redshift: DirectRedshift, on: date, end: date) -> dict[str | None, list[str]]:
        events = expected_events(redshift, on, end)  # type: ignore[arg-type]
        return {country: sorted(ids) for country, ids in events.items()}
