"""The data products of the events count the right ones: three days have an event on each side of every limit.

The bill names each event after why it counts or does not; each test checks what one product shows of it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.fixtures.warehouse import DirectRedshift, empty
from tests.warehouse.days import PIPELINE, Day, load
from warehouse.refresh import refresh

D1, D2, D3 = (date(2026, 12, day) for day in (1, 2, 3))
"""The days observed; D3 is the run date. Each observes thirty days."""

WINDOW = timedelta(days=30)
SEGMENTS = {"V": "Music", "W": "Sports", "Z": "Sports", None: "Music"}


def show(event_id: str, venue: str | None, on: date, bands: str = "A", **more: Any) -> dict[str, Any]:
    """An event at 20:00 of a local day; its first band is its main attraction."""
    return {
        "event_id": event_id,
        "venue_id": venue,
        "start_date": on,
        "start_date_key": int(on.strftime("%Y%m%d")),
        "local_weekday": on.strftime("%A"),
        "weekday_sort": on.isoweekday(),
        "attraction_id": bands[0] if bands else None,
        "attractions": list(bands),
        "classification_id": SEGMENTS[venue],
    } | more


def utc(*parts: int) -> dict[str, Any]:
    return {"start_at": datetime(*parts)}  # noqa: DTZ001 - columns have no zone


SATURDAY, NEW_YEAR = date(2026, 12, 5), date(2027, 1, 1)
BILL = [
    show("plain", "V", SATURDAY, "AB", price_min=10, price_max=30, price_currency="USD", market_id="M"),
    show("without a status", "V", date(2026, 12, 6), status=None, local_hour=19),
    show("rescheduled, at an hour not known", "V", SATURDAY, "BA", status="rescheduled", local_hour=None),
    show("postponed, of unknown artists", "W", SATURDAY, "", status="postponed"),
    show("somewhere", None, date(2026, 12, 7), ""),
    show("cancelled, as all of its venue and its artist is", "Z", SATURDAY, "C", status="cancelled"),
    show("cancelled before all others, with two unknown artists", "W", D1, "AXY", status="cancelled"),
    show("cancelled after all others", "W", date(2027, 1, 5), status="cancelled"),
    show("a test", "V", SATURDAY, is_test=True, price_min=1, price_max=99, price_currency="USD"),
    show("parking", "V", SATURDAY, is_show=False, price_min=2, price_max=98, price_currency="USD"),
    show("begins as the run date does", "V", D2, **utc(2026, 12, 3)),
    show("began a second before", "W", D2, **utc(2026, 12, 2, 23, 59, 59)),
    show("begins in the last second of the window", "W", NEW_YEAR, **utc(2027, 1, 1, 23, 59, 59)),
    show("begins as the window ends", "W", NEW_YEAR, **utc(2027, 1, 2)),
]
UNTIL_D1 = [show("withdrawn the day before", "V", SATURDAY)]
UNTIL_D2 = [
    show("withdrawn today", "V", SATURDAY),
    show("withdrawn on the eve", "V", D3 + timedelta(days=1)),
    show("begins today", "W", D3),
]

NOT_ON = re.compile("cancelled|withdrawn|a test|parking")


def observe(redshift: DirectRedshift, on: date, events: list[dict[str, Any]], park: str, band: str) -> str:
    names = {"V": ("Hall", "US"), "W": (park, "CA"), "Z": ("Barn", "CA")}
    venues = [{"venue_id": key, "name": name, "country_code": country} for key, (name, country) in names.items()]
    bands = {"A": band, "B": "Duo", "C": "Trio"}
    attractions = [{"attraction_id": key, "name": name} for key, name in bands.items()]
    segments = [{"classification_id": name, "segment_name": name} for name in ("Music", "Sports")]
    markets = [{"market_id": "M", "name": "Chicago"}]
    return load(redshift, Day(on, events, venues, attractions, segments, markets, to=on + WINDOW))


@pytest.fixture(scope="module")
def bill(migrated_redshift: DirectRedshift) -> DirectRedshift:
    """Three days observed. On the last, W and A have new names, and what is not on any more is not shown.

    Loaded once: the tests below only read.
    """
    redshift = migrated_redshift
    empty(redshift)
    observe(redshift, D1, [*BILL, *UNTIL_D1, *UNTIL_D2], "Old Park", "Band")
    observe(redshift, D2, [*BILL, *UNTIL_D2], "Old Park", "Band")
    run_id = observe(redshift, D3, BILL, "Park", "The Band")
    redshift.execute("INSERT INTO etl.run_dates (pipeline, run_date) VALUES ('tickit_load', '2026-12-03')")
    refresh(redshift, PIPELINE, run_id)  # type: ignore[arg-type]
    return redshift


def rows(redshift: DirectRedshift, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in redshift.execute(sql)]


def test_shows_by_day_and_venue(bill: DirectRedshift) -> None:
    columns = "start_date, venue_name, country_code, events, cancelled_events, priced_events"
    assert rows(bill, f"SELECT {columns} FROM ticketmaster.mv_events_by_date_venue ORDER BY 1, 2") == [
        (D1, "Park", "CA", 0, 1, 0),
        (D2, "Hall", "US", 1, 0, 0),
        (D2, "Park", "CA", 1, 0, 0),
        (D3, "Park", "CA", 1, 0, 0),
        (SATURDAY, "Barn", "CA", 0, 1, 0),
        (SATURDAY, "Hall", "US", 2, 0, 1),
        (SATURDAY, "Park", "CA", 1, 0, 0),
        (date(2026, 12, 6), "Hall", "US", 1, 0, 0),
        (date(2026, 12, 7), "Unknown venue", None, 1, 0, 0),
        (NEW_YEAR, "Park", "CA", 2, 0, 0),
        (date(2027, 1, 5), "Park", "CA", 0, 1, 0),
    ]


def test_shows_by_attraction(bill: DirectRedshift) -> None:
    columns = "attraction_name, events, headlined_events, venues, first_start_date, last_start_date, cancelled_events"
    assert rows(bill, f"SELECT {columns} FROM ticketmaster.mv_events_by_attraction ORDER BY 1") == [
        ("Duo", 2, 1, 1, SATURDAY, SATURDAY, 0),
        ("The Band", 8, 7, 2, D2, NEW_YEAR, 2),
        ("Trio", 0, 0, 0, None, None, 1),
        ("Unknown attraction", 0, 0, 0, None, None, 1),
    ]


def test_shows_by_month(bill: DirectRedshift) -> None:
    columns = "year_month, country_code, segment_name, events, venues, attractions, cancelled_events, moved_events"
    assert rows(bill, f"SELECT {columns} FROM ticketmaster.mv_monthly_summary ORDER BY 1, 2") == [
        ("2026-12", "CA", "Sports", 3, 1, 1, 2, 1),
        ("2026-12", "US", "Music", 4, 1, 2, 0, 1),
        ("2026-12", None, "Music", 1, 0, 0, 0, 0),
        ("2027-01", "CA", "Sports", 2, 1, 1, 1, 0),
    ]


def test_shows_of_the_busiest_venues_in_the_thirty_days_from_the_run_date(bill: DirectRedshift) -> None:
    columns = "venue_rank, venue_name, upcoming_events, event_days, next_event_date, cancelled_events, run_date"
    assert rows(bill, f"SELECT {columns} FROM ticketmaster.mv_venue_activity ORDER BY 1, 2") == [
        (1, "Hall", 4, 3, D2, 0, D3),
        (2, "Park", 2, 2, SATURDAY, 0, D3),
        (3, "Barn", 0, 0, None, 1, D3),
    ]


def test_shows_by_hour_and_weekday(bill: DirectRedshift) -> None:
    columns = "weekday_sort, local_weekday, local_hour, events"
    assert rows(
        bill, f"SELECT {columns} FROM ticketmaster.mv_events_by_hour_weekday WHERE events > 0 ORDER BY 1, 3"
    ) == [
        (1, "Monday", 20, 1),
        (3, "Wednesday", 20, 2),
        (4, "Thursday", 20, 1),
        (5, "Friday", 20, 2),
        (6, "Saturday", 20, 2),
        (7, "Sunday", 19, 1),
    ]


def test_the_summary_of_each_month(bill: DirectRedshift) -> None:
    counts = "year_month, run_date, events, shows, cancelled_events, rescheduled_events, venues, attractions"
    assert rows(bill, f"SELECT {counts} FROM ticketmaster.event_summary ORDER BY 1") == [
        ("2026-12", D3, 11, 10, 2, 2, 3, 3),
        ("2027-01", D3, 3, 3, 1, 0, 1, 1),
    ]
    best = "priced_events, price_min_usd, price_max_usd, top_venues, top_attractions"
    assert rows(bill, f"SELECT {best} FROM ticketmaster.event_summary ORDER BY year_month") == [
        (1, 10, 30, "Hall (4); Park (3)", "The Band (5); Duo (1)"),
        (0, None, None, "Park (2)", "The Band (2)"),
    ]


def test_the_list_of_events_says_which_are_withdrawn_and_since_when(bill: DirectRedshift) -> None:
    withdrawn = "SELECT event_id, withdrawn_on FROM ticketmaster.v_events WHERE is_withdrawn ORDER BY 1"
    assert rows(bill, withdrawn) == [
        ("withdrawn on the eve", D3),
        ("withdrawn the day before", D2),
        ("withdrawn today", D3),
    ]
    last_seen = "SELECT venue_name, attraction_name, last_seen_on FROM ticketmaster.v_events WHERE event_id = :id"
    assert bill.execute(last_seen, {"id": "begins today"}) == [
        {"venue_name": "Old Park", "attraction_name": "Band", "last_seen_on": D2}
    ]
    in_markets = "SELECT event_id, market_name FROM ticketmaster.v_events WHERE market_name <> 'Unknown market'"
    assert rows(bill, in_markets) == [("plain", "Chicago")]
    every = [event["event_id"] for event in (*BILL, *UNTIL_D1, *UNTIL_D2)]
    assert [row[0] for row in rows(bill, "SELECT event_id FROM ticketmaster.v_events ORDER BY 1")] == sorted(every)


def test_each_show_of_the_thirty_days_from_the_run_date(bill: DirectRedshift) -> None:
    """Cancelled shows are marked. Others that are not on are left out, and so is what began or was last seen before."""
    columns = "event_id, venue_name, attraction_name, weekday_label, is_weekend, local_hour, is_cancelled"
    assert rows(bill, f"SELECT {columns} FROM ticketmaster.mv_upcoming_shows ORDER BY start_date, 2, 1") == [
        ("begins as the run date does", "Hall", "The Band", "3 Wednesday", False, 20, False),
        ("cancelled, as all of its venue and its artist is", "Barn", "Trio", "6 Saturday", True, 20, True),
        ("plain", "Hall", "The Band", "6 Saturday", True, 20, False),
        ("rescheduled, at an hour not known", "Hall", "Duo", "6 Saturday", True, None, False),
        ("postponed, of unknown artists", "Park", "Unknown attraction", "6 Saturday", True, 20, False),
        ("without a status", "Hall", "The Band", "7 Sunday", True, 19, False),
        ("somewhere", "Unknown venue", "Unknown attraction", "1 Monday", False, 20, False),
        ("begins in the last second of the window", "Park", "The Band", "5 Friday", False, 20, False),
    ]
    names = "SELECT market_name, price_min, venue_label, segment_name, run_date FROM ticketmaster.mv_upcoming_shows"
    assert rows(bill, f"{names} WHERE event_id = 'plain'") == [("Chicago", 10, "Hall, Springfield", "Music", D3)]
    keys = "event_id, venue_id, attraction_id, segment_id, genre_id, market_id"
    nulls = " OR ".join(f"{key} IS NULL" for key in keys.split(", "))
    assert rows(bill, f"SELECT {keys} FROM ticketmaster.mv_upcoming_shows WHERE {nulls}") == []
    unknown = "SELECT venue_id, attraction_id, market_id FROM ticketmaster.mv_upcoming_shows WHERE venue_id = '-'"
    assert rows(bill, unknown) == [("-", "-", "-")]


def test_the_shows_of_the_thirty_days_are_those_of_the_venues(bill: DirectRedshift) -> None:
    on = "CASE WHEN is_cancelled THEN 0 ELSE 1 END"
    assert rows(
        bill,
        f"SELECT venue_id, SUM({on}) AS events, SUM(1 - {on}) AS cancelled FROM ticketmaster.mv_upcoming_shows "
        "WHERE venue_id <> '-' GROUP BY venue_id ORDER BY 1",
    ) == rows(bill, "SELECT venue_id, upcoming_events, cancelled_events FROM ticketmaster.mv_venue_activity ORDER BY 1")


def test_weekends_and_changes_of_the_busiest_venues(bill: DirectRedshift) -> None:
    """The day before saw what began today or was withdrawn today: three at Hall, two at Park."""
    columns = "venue_name, venue_label, weekend_share, previous_upcoming_events, upcoming_events_change"
    assert rows(bill, f"SELECT {columns} FROM ticketmaster.mv_venue_activity ORDER BY 1") == [
        ("Barn", "Barn, Springfield", None, 0, 0),
        ("Hall", "Hall, Springfield", Decimal("0.75"), 6, -2),
        ("Park", "Park, Springfield", Decimal("0.5"), 3, -1),
    ]


def test_every_one_of_the_thirty_days_has_a_row(bill: DirectRedshift) -> None:
    columns = "start_date, start_date_key, weekday_label, is_weekend, events, venues, cancelled_events, run_date"
    days = rows(bill, f"SELECT {columns} FROM ticketmaster.mv_events_by_day ORDER BY 1")
    counts = {
        D2: (1, 1, 0),
        SATURDAY: (3, 2, 1),
        date(2026, 12, 6): (1, 1, 0),
        date(2026, 12, 7): (1, 0, 0),
        NEW_YEAR: (1, 1, 0),
    }
    assert days == [
        (
            day, int(f"{day:%Y%m%d}"), f"{day.isoweekday()} {day:%A}", day.isoweekday() >= 6,
            *counts.get(day, (0, 0, 0)), D3,
        )
        for day in (D2 + timedelta(days=number) for number in range(31))
    ]  # fmt: skip


def test_every_hour_of_every_weekday_has_a_row(bill: DirectRedshift) -> None:
    columns = "weekday_sort, local_weekday, weekday_label, local_hour"
    weekdays = [(D1 + timedelta(days=number)) for number in range(7)]
    assert rows(bill, f"SELECT {columns} FROM ticketmaster.mv_events_by_hour_weekday ORDER BY 1, 4") == sorted(
        (day.isoweekday(), f"{day:%A}", f"{day.isoweekday()} {day:%A}", hour) for day in weekdays for hour in range(24)
    )


def test_the_list_of_events_marks_what_is_on(bill: DirectRedshift) -> None:
    """A show that began, or that is beyond the thirty days, is still on."""
    not_on = [event["event_id"] for event in (*BILL, *UNTIL_D1, *UNTIL_D2) if NOT_ON.match(event["event_id"])]
    sql = "SELECT event_id FROM ticketmaster.v_events WHERE NOT is_on ORDER BY 1"
    assert [row[0] for row in rows(bill, sql)] == sorted(not_on)
    sql = "SELECT event_id FROM ticketmaster.v_events WHERE is_cancelled ORDER BY 1"
    assert [row[0] for row in rows(bill, sql)] == sorted(name for name in not_on if name.startswith("cancelled"))
