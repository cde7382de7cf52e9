"""Days and starts: taken from the file of dates, whatever else was sent; no row lost, none multiplied."""

from __future__ import annotations

import pytest

from glue_jobs.transforms.tickit.star import star
from schemas.tickit import SOURCE
from tests.glue_jobs.frames import by_key, curated

DAYS = [
    {"date_id": 1853, "calendar_date": "2008-01-27", "sent_weekday": "MO"},
    {"date_id": 1886, "calendar_date": "2008-03-01", "is_holiday": False},
    {"date_id": 1951, "calendar_date": "2008-05-05"},
    {"date_id": 1960, "calendar_date": "2008-12-31"},
    {"date_id": 1999, "calendar_date": "2051-01-01"},
]
# what was sent: number of the day, start; what it means: date, key, start, whether the day was corrected
EVENTS_SENT = {
    "right": ((1853, "2008-01-27 14:30:00"), ("2008-01-27", 20080127, "2008-01-27 14:30:00", False)),
    "sent as 1 May": ((1951, "2008-05-01 20:00:00"), ("2008-05-05", 20080505, "2008-05-05 20:00:00", True)),
    "a later day sent": ((1853, "2008-03-09 02:30:00"), ("2008-01-27", 20080127, "2008-01-27 02:30:00", True)),
    "another year": ((1960, "2009-01-01 00:00:00"), ("2008-12-31", 20081231, "2008-12-31 00:00:00", True)),
    "last second": ((1951, "2008-05-05 23:59:59"), ("2008-05-05", 20080505, "2008-05-05 23:59:59", False)),
    "no start": ((1951, None), ("2008-05-05", 20080505, None, False)),
    "unknown day": ((7777, "2008-05-01 20:00:00"), (None, 0, None, False)),
    "no day": ((None, "2008-05-01 20:00:00"), (None, 0, None, False)),
    "a day that the calendar lacks": (
        (1999, "2051-01-01 20:00:00"),
        ("2051-01-01", 0, "2051-01-01 20:00:00", False),
    ),
}
NUMBERS = dict(enumerate(EVENTS_SENT, start=1))


@pytest.fixture(scope="module")
def staged(spark):
    """Every staged table of the events above, and of two listings and two sales: one day is known, one is not."""
    sent = [(number, *EVENTS_SENT[case][0]) for number, case in NUMBERS.items()]
    return star(
        curated(
            spark,
            {
                "dates": DAYS,
                "events": [{"event_id": number, "date_id": day, "start_local_at": at} for number, day, at in sent],
                "listings": [
                    {"listing_id": 1, "date_id": 1886, "listed_at": "2008-02-29 23:30:00"},
                    {"listing_id": 2, "date_id": 7777, "listed_at": "2008-03-09 02:30:00"},
                ],
                "sales": [
                    {"sale_id": 1, "date_id": 1951, "sold_at": "2008-05-06 00:10:00"},
                    {"sale_id": 2, "date_id": 7777, "sold_at": "2008-11-02 01:30:00"},
                ],
            },
            SOURCE,
        )
    )


@pytest.fixture(scope="module")
def events(staged):
    return by_key(staged["events"], "event_id")


def test_every_event_is_kept_once(events):
    assert set(events) == set(NUMBERS)


@pytest.mark.parametrize(("number", "case"), NUMBERS.items(), ids=NUMBERS.values())
def test_an_event_starts_at_the_time_sent_on_its_true_day(events, number, case):
    event = events[number]
    values = tuple(event[name] for name in ("event_date", "event_date_key", "start_local_at", "is_day_corrected"))
    assert values == EVENTS_SENT[case][1]


@pytest.mark.parametrize(
    ("table", "key", "prefix", "at", "expected"),
    [
        (
            "listings",
            "listing_id",
            "listing",
            "listed_at",
            {1: ("2008-03-01", 20080301, "2008-02-29 23:30:00"), 2: (None, 0, "2008-03-09 02:30:00")},
        ),
        (
            "sales",
            "sale_id",
            "sale",
            "sold_at",
            {1: ("2008-05-05", 20080505, "2008-05-06 00:10:00"), 2: (None, 0, "2008-11-02 01:30:00")},
        ),
    ],
    ids=["listings", "sales"],
)
def test_the_day_is_that_of_the_number_and_the_clock_is_left_alone(staged, table, key, prefix, at, expected):
    rows = by_key(staged[table].select(key, f"{prefix}_date", f"{prefix}_date_key", at), key)
    assert {number: tuple(row.values())[1:] for number, row in rows.items()} == expected


def test_every_day_of_the_file_has_its_key_in_the_shared_calendar(staged):
    days = by_key(staged["dates"], "date_id")
    assert {number: day["date_key"] for number, day in days.items()} == {
        1853: 20080127,
        1886: 20080301,
        1951: 20080505,
        1960: 20081231,
        1999: 0,
    }
    assert (days[1853]["sent_weekday"], days[1853]["is_holiday"]) == ("MO", None)
