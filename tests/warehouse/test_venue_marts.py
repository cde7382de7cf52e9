"""The data products about venues: which ones they tell apart, and how they compare a day with the one before."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import PIPELINE, Day, load
from warehouse.refresh import refresh

D1, D2, D3 = (date(2026, 12, day) for day in (1, 2, 3))
FRIDAY, SATURDAY, SUNDAY = (date(2026, 12, day) for day in (4, 5, 6))
UNKNOWN = ("-", "Unknown venue", "Unknown venue", None)
GRIDS = {"mv_events_by_hour_weekday": 7 * 24, "mv_events_by_day": 30}


def show(event_id: str, venue: str, on: date = SATURDAY, **more: Any) -> dict[str, Any]:
    start = {"start_date": on, "start_date_key": int(f"{on:%Y%m%d}")}
    weekday = {"local_weekday": f"{on:%A}", "weekday_sort": on.isoweekday()}
    return {"event_id": event_id, "venue_id": venue} | start | weekday | more


def publish(redshift: DirectRedshift, day: Day) -> None:
    """The day is loaded, and all data products are refreshed."""
    refresh(redshift, PIPELINE, load(redshift, day))  # type: ignore[arg-type]


def rows(redshift: DirectRedshift, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in redshift.execute(sql)]


# -- names


NAMESAKES = [
    {"venue_id": "V1", "name": "Palace", "city": "Albany"},
    {"venue_id": "V2", "name": "Palace", "city": "Stamford"},
    {"venue_id": "V3", "name": "Palace", "city": None},
    {"venue_id": "V4", "name": None, "city": "Utica"},
]


def test_venues_of_one_name_stay_apart_everywhere(redshift: DirectRedshift) -> None:
    shows = [show(f"E{number}", f"V{venue}") for number, venue in enumerate((1, 1, 1, 2, 2, 3))]
    publish(redshift, Day(D1, shows, NAMESAKES))

    counts = [("V1", "Palace, Albany", 3), ("V2", "Palace, Stamford", 2), ("V3", "Palace", 1)]
    for product, events in (
        ("mv_venue_activity", "SUM(upcoming_events)"),
        ("mv_upcoming_shows", "COUNT(*)"),
        ("mv_events_by_date_venue", "SUM(events)"),
        ("v_events", "COUNT(*)"),
    ):
        sql = f"SELECT venue_id, venue_label, {events} AS n FROM ticketmaster.{product} GROUP BY 1, 2 ORDER BY 1"
        assert rows(redshift, sql) == counts, product


def test_each_venue_has_one_row_with_its_latest_name(redshift: DirectRedshift) -> None:
    publish(redshift, Day(D1, [show("E1", "V1")], NAMESAKES))
    publish(redshift, Day(D2, [show("E1", "V1")], [NAMESAKES[0] | {"name": "New Palace"}]))

    assert rows(redshift, "SELECT venue_id, venue_name, venue_label, city FROM ticketmaster.v_venues ORDER BY 1") == [
        UNKNOWN,
        ("V1", "New Palace", "New Palace, Albany", "Albany"),
        ("V2", "Palace", "Palace, Stamford", "Stamford"),
        ("V3", "Palace", "Palace", None),
        ("V4", None, "V4, Utica", "Utica"),
    ]
    assert rows(redshift, "SELECT venue_label FROM ticketmaster.mv_upcoming_shows") == [("New Palace, Albany",)]


def test_each_attraction_has_one_row_with_keys_beside_its_names(redshift: DirectRedshift) -> None:
    path = {"classification_id": "C", "segment_id": "S", "segment_name": "Music", "genre_id": "G", "genre_name": "Rock"}
    band = {"attraction_id": "A1", "name": "Band", "classification_id": "C"}
    plain = {"attraction_id": "A2", "name": "Band"}
    publish(redshift, Day(D1, [show("E1", "V1", attraction_id="A1")], NAMESAKES, [band, plain], [path]))
    publish(redshift, Day(D2, [show("E1", "V1", attraction_id="A1")], NAMESAKES, [band | {"name": "The Band"}], [path]))

    keys = "attraction_id, attraction_name, segment_id, genre_id, subgenre_id"
    assert rows(redshift, f"SELECT {keys} FROM ticketmaster.v_attractions ORDER BY 1") == [
        ("-", "Unknown attraction", "-", "-", "-"),
        ("A1", "The Band", "S", "G", "-"),
        ("A2", "Band", "-", "-", "-"),
    ]


# -- changes

VENUES = [{"venue_id": key, "name": key} for key in ("Falls", "Rises", "Ends")]
FIRST = [
    show("F1", "Falls", FRIDAY),
    show("F2", "Falls"),
    show("F3", "Falls", SUNDAY),
    show("R1", "Rises", SUNDAY),
    show("N1", "Ends"),
    show("today", "Ends", D1),
    show("cancelled from the first", "Ends", status="cancelled"),
    show("a test", "Rises", is_test=True),
    show("parking", "Rises", is_show=False),
    show("enters the window on the second day", "Rises", D1 + timedelta(days=30)),
]
SECOND = [*FIRST[:1], *FIRST[1:2], *FIRST[3:5], *FIRST[6:], show("R2", "Rises", FRIDAY)]
THIRD = [FIRST[0] | {"status": "cancelled"}, *SECOND[1:], show("R3", "Rises"), show("test", "Ends", is_test=True)]
OF_DAY = {D1: FIRST, D2: SECOND, D3: THIRD}

AFTER_D1 = [("Ends", 2, None, None), ("Falls", 3, None, None), ("Rises", 1, None, None)]
AFTER_D2 = [("Ends", 1, 2, -1), ("Falls", 2, 3, -1), ("Rises", 3, 1, 2)]
AFTER_D3 = [("Ends", 1, 1, 0), ("Falls", 1, 2, -1), ("Rises", 4, 3, 1)]
D3_AFTER_D1 = [("Ends", 1, 2, -1), ("Falls", 1, 3, -2), ("Rises", 4, 1, 3)]


@pytest.mark.parametrize(
    "steps",
    [
        ((D1, AFTER_D1), (D2, AFTER_D2), (D3, AFTER_D3)),
        ((D2, None), (D1, AFTER_D2)),
        ((D1, AFTER_D1), (D3, D3_AFTER_D1), (D2, AFTER_D3)),
        ((D3, None), (D2, AFTER_D3), (D1, AFTER_D3)),
    ],
    ids=["in order", "two days backwards", "a day late", "three days backwards"],
)
def test_a_venue_is_compared_with_the_day_observed_before(redshift: DirectRedshift, steps: Any) -> None:
    """In any order of loading. The first day has nothing to be compared with."""
    columns = "venue_id, upcoming_events, previous_upcoming_events, upcoming_events_change"
    for day, after in steps:
        publish(redshift, Day(day, OF_DAY[day], VENUES))
        changes = rows(redshift, f"SELECT {columns} FROM ticketmaster.mv_venue_activity ORDER BY 1")
        if after is None:
            assert {row[2:] for row in changes} == {(None, None)}
        else:
            assert changes == after


def test_a_venue_that_lost_all_its_shows_is_still_compared(redshift: DirectRedshift) -> None:
    publish(redshift, Day(D1, [show("E1", "Falls"), show("E2", "Rises")], VENUES))
    publish(redshift, Day(D2, [show("E1", "Falls"), show("E3", "Ends")], VENUES))

    columns = "venue_id, venue_rank, upcoming_events, previous_upcoming_events, upcoming_events_change, weekend_share"
    assert rows(redshift, f"SELECT {columns} FROM ticketmaster.mv_venue_activity ORDER BY 1") == [
        ("Ends", 1, 1, 0, 1, 1),
        ("Falls", 1, 1, 1, 0, 1),
        ("Rises", 3, 0, 1, -1, None),
    ]


def test_a_weekend_is_saturday_and_sunday_without_cancelled_shows(redshift: DirectRedshift) -> None:
    cancelled = show("cancelled", "Falls", SUNDAY, status="cancelled")
    of_venue = [show("F1", "Falls", FRIDAY), show("F2", "Falls"), show("F3", "Falls", SUNDAY), cancelled]
    publish(redshift, Day(D1, [*of_venue, show("R1", "Rises", FRIDAY)], VENUES))

    assert rows(redshift, "SELECT venue_id, weekend_share FROM ticketmaster.mv_venue_activity ORDER BY 1") == [
        ("Falls", Decimal("0.6667")),
        ("Rises", 0),
    ]


# -- grids


def test_grids_are_complete_when_nothing_is_on(redshift: DirectRedshift) -> None:
    not_on = [show("test", "Falls", is_test=True), show("parking", "Falls", is_show=False)]
    publish(redshift, Day(D1, [*not_on, show("cancelled", "Falls", status="cancelled")], VENUES))

    for product, size in GRIDS.items():
        sql = f"SELECT COUNT(*) AS n, SUM(events) AS events, COUNT(weekday_label) AS labels FROM ticketmaster.{product}"
        assert rows(redshift, sql) == [(size, 0, size)], product
    days = "SELECT MIN(start_date) AS a, MAX(start_date) AS b, SUM(cancelled_events) AS c"
    assert rows(redshift, f"{days} FROM ticketmaster.mv_events_by_day") == [(D1, D1 + timedelta(days=29), 1)]
