"""The events' data products give a dashboard keys, all hours and days, no false leader, and the change of a venue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from aws_services import resources
from tests.fixtures.warehouse import DirectRedshift, empty
from tests.warehouse.days import PIPELINE, Day, load
from warehouse.migrate import migrate
from warehouse.refresh import refresh

D1, D2, D3 = (date(2026, 12, day) for day in (1, 2, 3))
SUNDAY, FRIDAY = date(2026, 12, 6), date(2026, 12, 11)
WINDOW = timedelta(days=30)
ACTIVITY = (
    "venue_id, upcoming_events, previous_upcoming_events, upcoming_events_change FROM ticketmaster.mv_venue_activity"
)
_SEEN = "SELECT COUNT(*) AS n, COUNT({key}) AS keys, COUNT(DISTINCT {key}) AS different FROM {mart}"


def show(event_id: str, venue: str | None, on: date = SUNDAY, **more: Any) -> dict[str, Any]:
    calendar = {"local_weekday": on.strftime("%A"), "weekday_sort": on.isoweekday()}
    start = {"start_date": on, "start_date_key": int(on.strftime("%Y%m%d"))}
    return (
        {"event_id": event_id, "venue_id": venue, "attraction_id": "A", "attractions": ["A"]} | calendar | start | more
    )


VENUES = (
    {"venue_id": "N", "name": "Oakenfold Arena", "city": "Austin", "state_code": "TX"},
    {"venue_id": "S", "name": "Oakenfold Arena", "city": "Boise", "state_code": "ID"},
    {"venue_id": "W", "name": "Oakenfold Arena", "city": "Cody", "state_code": "WY"},
    {"venue_id": "L", "name": "Lyric", "city": None},
)
CLASSES = ({"classification_id": "music", "segment_id": "KZ", "segment_name": "Music", "genre_id": "R"},)


def shows(venue: str, number: int, **more: Any) -> list[dict[str, Any]]:
    return [show(f"{venue}{index}", venue, **more) for index in range(number)]


STEADY = [*shows("N", 2), *shows("S", 2), *shows("W", 2), *shows("L", 3, on=FRIDAY, classification_id="music")]


def observe(redshift: DirectRedshift, on: date, events: list[dict[str, Any]], observation: int = 1) -> str:
    bands = [{"attraction_id": "A", "name": "Band", "classification_id": "music"}]
    day = Day(on, events, list(VENUES), bands, list(CLASSES), to=on + WINDOW)
    run_id = load(redshift, day, observation)
    refresh(redshift, PIPELINE, run_id)  # type: ignore[arg-type]
    return run_id


def rows(redshift: DirectRedshift, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in redshift.execute(sql)]


@pytest.fixture(scope="module")
def month(migrated_redshift: DirectRedshift) -> DirectRedshift:
    """Two days. On the second, Lyric has fewer shows; some are no shows that are on. The tests only read."""
    redshift = migrated_redshift
    empty(redshift)
    observe(redshift, D1, [*STEADY, show("withdrawn", "L")])
    none_of_these = [
        show("cancelled", "L", status="cancelled", classification_id="music"),
        show("a test", "L", is_test=True),
        show("parking", "L", is_show=False),
        show("too late", "L", D2 + WINDOW),
    ]
    odd = [show("nowhere", None, attraction_id=None, attractions=[]), show("no hour", "L", local_hour=None)]
    observe(redshift, D2, [*STEADY, *none_of_these, *odd])
    return redshift


def test_venues_that_share_a_name_make_no_leader(month: DirectRedshift) -> None:
    by_name = "SELECT venue_name, COUNT(*) FROM ticketmaster.mv_upcoming_shows GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    assert rows(month, by_name) == [("Oakenfold Arena", 6)], "the trap: three venues"

    by_key = (
        "SELECT venue_label, COUNT(*) FROM ticketmaster.mv_upcoming_shows WHERE NOT is_cancelled AND venue_id <> '-' "
        "GROUP BY venue_id, venue_label ORDER BY 2 DESC, 1"
    )
    assert rows(month, by_key) == [
        ("Lyric", 4), ("Oakenfold Arena, Austin", 2), ("Oakenfold Arena, Boise", 2), ("Oakenfold Arena, Cody", 2),
    ]  # fmt: skip
    leader = "SELECT venue_label, upcoming_events FROM ticketmaster.mv_venue_activity WHERE venue_rank = 1"
    assert rows(month, leader) == [("Lyric", 4)]


def test_a_show_has_one_row_with_its_keys(month: DirectRedshift) -> None:
    columns = "event_id, is_cancelled, weekday_label, is_weekend, venue_id, venue_label, attraction_id, segment_id"
    odd = "'cancelled', 'L0', 'no hour', 'nowhere'"
    assert rows(
        month,
        f"SELECT {columns}, segment_name, genre_id FROM ticketmaster.mv_upcoming_shows "
        f"WHERE event_id IN ({odd}) ORDER BY 1",
    ) == [
        ("L0", False, "5 Friday", False, "L", "Lyric", "A", "KZ", "Music", "R"),
        ("cancelled", True, "7 Sunday", True, "L", "Lyric", "A", "KZ", "Music", "R"),
        ("no hour", False, "7 Sunday", True, "L", "Lyric", "A", "-", "Unknown", "-"),
        ("nowhere", False, "7 Sunday", True, "-", "Unknown venue", "-", "-", "Unknown", "-"),
    ]
    assert len(rows(month, "SELECT event_id FROM ticketmaster.mv_upcoming_shows")) == len(STEADY) + 3


@pytest.mark.parametrize(
    ("mart", "key"),
    [
        ("mv_upcoming_shows", "event_id"),
        ("mv_venue_activity", "venue_id"),
        ("mv_events_by_day", "start_date_key"),
        ("mv_events_by_hour_weekday", "weekday_sort * 100 + local_hour"),
        ("v_events", "event_id"),
        ("v_venues", "venue_id"),
        ("v_attractions", "attraction_id"),
    ],
)
def test_a_key_is_unique_and_never_null(month: DirectRedshift, mart: str, key: str) -> None:
    ((number, keys, different),) = rows(month, _SEEN.format(mart=f"ticketmaster.{mart}", key=key))
    assert number == keys == different > 0


def test_every_show_has_its_venue_and_attraction(month: DirectRedshift) -> None:
    joined = (
        "SELECT COUNT(*) FROM ticketmaster.mv_upcoming_shows AS s "
        "INNER JOIN ticketmaster.v_venues AS v ON s.venue_id = v.venue_id AND s.venue_label = v.venue_label "
        "INNER JOIN ticketmaster.v_attractions AS a ON s.attraction_id = a.attraction_id"
    )
    assert rows(month, joined) == rows(month, "SELECT COUNT(*) FROM ticketmaster.mv_upcoming_shows")


def test_all_hours_of_all_weekdays_are_there(month: DirectRedshift) -> None:
    hours = rows(month, "SELECT weekday_sort, local_hour, events FROM ticketmaster.mv_events_by_hour_weekday")
    assert sorted(hour[:2] for hour in hours) == [(weekday, hour) for weekday in range(1, 8) for hour in range(24)]
    # Also the show after the 30 days, on a Friday.
    assert {hour for hour in hours if hour[2]} == {(5, 20, 4), (7, 20, 7)}
    labels = "SELECT DISTINCT weekday_label, local_weekday FROM ticketmaster.mv_events_by_hour_weekday ORDER BY 1"
    assert [label for label, _ in rows(month, labels)] == [
        "1 Monday", "2 Tuesday", "3 Wednesday", "4 Thursday", "5 Friday", "6 Saturday", "7 Sunday",
    ]  # fmt: skip


def test_all_thirty_days_are_there(month: DirectRedshift) -> None:
    days = rows(month, "SELECT start_date, events, venues FROM ticketmaster.mv_events_by_day ORDER BY 1")
    assert [day[0] for day in days] == [D2 + timedelta(days=number) for number in range(30)]
    assert [day for day in days if day[1]] == [(SUNDAY, 8, 4), (FRIDAY, 3, 1)]  # the unknown venue is none
    cancelled = (
        "SELECT start_date, weekday_label, is_weekend FROM ticketmaster.mv_events_by_day WHERE cancelled_events = 1"
    )
    assert rows(month, cancelled) == [(SUNDAY, "7 Sunday", True)]


def test_the_marts_agree_on_what_is_on(month: DirectRedshift) -> None:
    on = len(STEADY) + 2
    assert rows(month, "SELECT COUNT(*) FROM ticketmaster.mv_upcoming_shows WHERE NOT is_cancelled") == [(on,)]
    assert rows(month, "SELECT SUM(events) FROM ticketmaster.mv_events_by_day") == [(on,)]
    of_venues = "SELECT SUM(upcoming_events) FROM ticketmaster.mv_venue_activity"
    assert rows(month, of_venues) == [(on - 1,)], "all but the one at an unknown venue"
    listed = "SELECT event_id FROM ticketmaster.v_events WHERE NOT is_on ORDER BY 1"
    assert rows(month, listed) == [("a test",), ("cancelled",), ("parking",), ("withdrawn",)]


def test_the_share_of_weekends(month: DirectRedshift) -> None:
    share = "SELECT venue_id, CAST(weekend_share AS VARCHAR(10)) FROM ticketmaster.mv_venue_activity ORDER BY 1"
    assert rows(month, share) == [("L", "0.2500"), ("N", "1.0000"), ("S", "1.0000"), ("W", "1.0000")]


class TestTheChangeSinceThePreviousDay:
    def test_the_first_day_has_none(self, redshift: DirectRedshift) -> None:
        observe(redshift, D1, STEADY)
        assert rows(redshift, f"SELECT {ACTIVITY} WHERE venue_id = 'L'") == [("L", 3, None, None)]

    def test_it_compares_with_what_the_previous_run_said(self, redshift: DirectRedshift) -> None:
        soon = show("soon", "L", D1 + WINDOW)
        observe(redshift, D1, [*STEADY, show("gone", "S"), show("off", "N"), soon])
        first_day = dict(rows(redshift, "SELECT venue_id, upcoming_events FROM ticketmaster.mv_venue_activity"))
        observe(redshift, D2, [*STEADY, show("off", "N", status="cancelled"), soon])

        assert first_day == {"L": 3, "N": 3, "S": 3, "W": 2}
        assert rows(redshift, f"SELECT {ACTIVITY} ORDER BY 1") == [
            ("L", 4, 3, 1), ("N", 2, 3, -1), ("S", 2, 3, -1), ("W", 2, 2, 0),
        ]  # fmt: skip

    def test_a_venue_that_lost_all_its_shows_is_listed_with_none(self, redshift: DirectRedshift) -> None:
        others = [event for event in STEADY if event["venue_id"] != "W"]
        observe(redshift, D1, STEADY)
        observe(redshift, D2, [*others, show("new", "L")])
        assert rows(redshift, f"SELECT {ACTIVITY} WHERE venue_id IN ('L', 'W') ORDER BY 1") == [
            ("L", 4, 3, 1), ("W", 0, 2, -2),
        ]  # fmt: skip

    def test_days_may_be_loaded_in_any_order(self, redshift: DirectRedshift) -> None:
        days: dict[date, list[dict[str, Any]]] = {
            D1: [*STEADY, show("x", "L")],
            D2: [*STEADY, show("x", "L"), show("y", "L")],
            D3: [*STEADY, show("z", "S")],
        }
        for on in (D3, D1):
            observe(redshift, on, days[on])
        assert rows(redshift, f"SELECT {ACTIVITY} WHERE venue_id = 'L'") == [("L", 3, 4, -1)], "the day before is D1"

        observe(redshift, D2, days[D2])
        late = rows(redshift, f"SELECT {ACTIVITY} ORDER BY 1")
        assert late[0] == ("L", 3, 5, -2)
        empty(redshift)
        for on in (D1, D2, D3):
            observe(redshift, on, days[on])
        assert rows(redshift, f"SELECT {ACTIVITY} ORDER BY 1") == late

    def test_a_day_that_is_observed_again_is_compared_as_observed_last(self, redshift: DirectRedshift) -> None:
        observe(redshift, D1, STEADY)
        observe(redshift, D2, [*STEADY, show("x", "L")])
        observe(redshift, D1, [*STEADY, show("x", "L"), show("y", "L")], observation=2)
        assert rows(redshift, f"SELECT {ACTIVITY} WHERE venue_id = 'L'") == [("L", 4, 5, -1)]


def test_an_older_mart_is_replaced_and_keeps_its_readers(redshift: DirectRedshift) -> None:
    """A warehouse of the release before has the view without its new columns."""
    file = "ticketmaster/products/50_mv_venue_activity.sql"
    observe(redshift, D1, STEADY)
    redshift.execute("DROP MATERIALIZED VIEW ticketmaster.mv_venue_activity")
    redshift.execute(
        "CREATE MATERIALIZED VIEW ticketmaster.mv_venue_activity BACKUP NO AUTO REFRESH NO AS "
        "SELECT venue_id, COUNT(*) AS upcoming_events FROM ticketmaster.fact_events GROUP BY venue_id"
    )
    redshift.execute(f"UPDATE etl.schema_migrations SET checksum = 'older' WHERE name = '{file}'")

    applied = migrate(redshift)  # type: ignore[arg-type]
    assert file in applied
    analyst = redshift.sibling(f"IAMR:{resources.ANALYST_ROLE}")
    try:
        query = "SELECT venue_label, upcoming_events FROM ticketmaster.mv_venue_activity WHERE venue_rank = 1"
        assert rows(analyst, query) == [("Lyric", 3)], "it has its rows before the next refresh"
    finally:
        analyst.close()
    assert migrate(redshift) == []  # type: ignore[arg-type]
