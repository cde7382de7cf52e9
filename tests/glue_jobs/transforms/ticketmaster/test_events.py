"""Events: none lost, none multiplied; primary keys, prices, counts and the calendar at the venue."""

from __future__ import annotations

import random
from typing import Any

import pytest

from glue_jobs.transforms.ticketmaster.events import prices
from glue_jobs.transforms.ticketmaster.star import star
from tests.glue_jobs.frames import by_key, curated, frame


@pytest.fixture
def staged_events(spark):
    """The staged events made of the curated rows given, by event id."""
    return lambda **tables: by_key(star(curated(spark, tables))["events"], "event_id")


def test_an_event_has_the_keys_of_its_primary_venue_attraction_classification_and_market(staged_events):
    event = staged_events(
        events=[{"event_id": "E1", "name": "Night", "timezone": "America/Chicago"}],
        venues=[{"venue_id": "V1", "timezone": "America/Denver"}],
        event_venues=[
            {"event_id": "E1", "venue_id": "V1", "position": 0},
            {"event_id": "E1", "venue_id": "A-side", "position": 1},
        ],
        venue_markets=[
            {"venue_id": "V1", "market_id": "US", "position": 0},
            {"venue_id": "V1", "market_id": "CHI", "position": 1},
            {"venue_id": "A-side", "market_id": "NY", "position": 0},
        ],
        markets=[{"market_id": "US", "name": "All of US"}, {"market_id": "CHI", "name": "Chicago"}],
        event_attractions=[
            {"event_id": "E1", "attraction_id": "A2", "position": 0},
            {"event_id": "E1", "attraction_id": "A1", "position": 1},
        ],
        event_classifications=[
            {"event_id": "E1", "position": 0, "is_primary": False, "segment_id": "S1"},
            {"event_id": "E1", "position": 1, "is_primary": True, "segment_id": "S2", "genre_id": "G2"},
        ],
        event_presales=[{"event_id": "E1", "position": position} for position in range(3)],
    )["E1"]
    keys = ("venue_id", "attraction_id", "classification_id", "market_id", "timezone")
    assert [event[key] for key in keys] == ["V1", "A2", "S2|G2|-|-|-", "CHI", "America/Chicago"]
    counts = ("attraction_count", "classification_count", "presale_count")
    assert [event[count] for count in counts] == [2, 2, 3]


DAYS = {
    "2026-11-23": (20261123, "Monday", 1),
    "2026-11-29": (20261129, "Sunday", 7),
    "2028-02-29": (20280229, "Tuesday", 2),
    "2000-01-01": (20000101, "Saturday", 6),
    "2050-12-31": (20501231, "Saturday", 6),
    "2051-01-01": (0, "Sunday", 7),
    "1999-12-31": (0, "Friday", 5),
}
HOURS: dict[str, tuple[dict[str, Any], int | None]] = {
    "evening": ({"start_local_at": "2026-11-20 19:30:00"}, 19),
    "midnight": ({"start_local_at": "2026-11-20 00:00:00"}, 0),
    "the hour that DST skips": ({"start_local_at": "2027-03-14 02:30:00", "start_at": "2027-03-14 07:30:00"}, 2),
    "the hour that DST repeats": ({"start_local_at": "2026-11-01 01:30:00", "start_at": "2026-11-01 06:30:00"}, 1),
    "none": ({"start_local_at": None}, None),
    "to be announced": ({"start_local_at": "2026-11-20 00:00:00", "is_time_tba": True}, None),
    "no specific one": ({"start_local_at": "2026-11-20 00:00:00", "has_no_specific_time": True}, None),
}


@pytest.fixture(scope="module")
def calendar(spark):
    """One staged event for each of the cases above, and a bare one, with rows of events that do not exist."""
    days = [{"event_id": day, "start_date": day} for day in DAYS]
    hours = [{"event_id": case, "start_date": "2026-11-20", **values} for case, (values, _) in HOURS.items()]
    tables = curated(
        spark,
        {
            "events": [*days, *hours, {"event_id": "bare"}],
            "event_venues": [{"event_id": "gone", "venue_id": "V1", "position": 0}],
            "event_presales": [{"event_id": "gone", "position": 0}],
        },
    )
    return by_key(star(tables)["events"], "event_id")


def test_what_belongs_to_unknown_events_adds_no_event(calendar):
    assert set(calendar) == {*DAYS, *HOURS, "bare"}


def test_an_event_with_nothing_attached_is_kept_with_nulls_and_zero_counts(calendar):
    event = calendar["bare"]
    absent = ("venue_id", "attraction_id", "classification_id", "market_id", "price_min", "price_max", "price_currency")
    assert [event[name] for name in absent] == [None] * len(absent)
    assert [event[name] for name in ("attraction_count", "classification_count", "presale_count")] == [0, 0, 0]
    assert event["start_date_key"] == 0
    assert [event[name] for name in ("local_hour", "local_weekday", "weekday_sort")] == [None, None, None]


@pytest.mark.parametrize("day", DAYS)
def test_the_day_at_the_venue_as_key_and_weekday(calendar, day):
    event = calendar[day]
    assert (event["start_date_key"], event["local_weekday"], event["weekday_sort"]) == DAYS[day]
    assert event["start_date"] == day


@pytest.mark.parametrize("case", HOURS)
def test_the_hour_at_the_venue(calendar, case):
    values, hour = HOURS[case]
    event = calendar[case]
    assert event["local_hour"] == hour
    assert event["start_local_at"] == values["start_local_at"]
    assert event["start_at"] == values.get("start_at")


def test_time_is_to_be_announced_when_the_source_says_so_in_either_way(calendar):
    unknown = {case for case in HOURS if calendar[case]["is_time_tba"]}
    assert unknown == {"to be announced", "no specific one"}


def price(at, currency, low, high, kind="standard"):
    return {"position": at, "currency": currency, "price_min": low, "price_max": high, "price_type": kind}


FEES = "standard including fees"


PRICES = {
    "one range": ([price(0, "USD", "20.00", "80.50")], ("20.00", "80.50", "USD")),
    "the span of several": ([price(0, "USD", "20", "80"), price(1, "USD", "5.25", "900")], ("5.25", "900.00", "USD")),
    "first currency only": ([price(1, "USD", "1", "999"), price(0, "CAD", "20", "80")], ("20.00", "80.00", "CAD")),
    "half ranges": ([price(0, "USD", "20", None), price(1, "USD", None, "70")], ("20.00", "70.00", "USD")),
    "first has none": ([price(0, "CAD", None, None), price(1, "USD", "20", "30")], ("20.00", "30.00", "USD")),
    "no currency": ([price(0, None, "20", "30"), price(1, "USD", "1", "99")], ("20.00", "30.00", None)),
    "reversed, left to the quality rule": ([price(0, "USD", "30", "20")], ("30.00", "20.00", "USD")),
    "extremes": ([price(0, "USD", "0.00", "9999999999.99")], ("0.00", "9999999999.99", "USD")),
    "no amounts": ([price(0, "USD", None, None)], None),
    "face value, not what comes with fees": (
        [price(0, "USD", "45.10", "99.50", FEES), price(1, "USD", "40.00", "80.00")],
        ("40.00", "80.00", "USD"),
    ),
    "face value in another currency": (
        [price(0, "USD", "45.10", "99.50", FEES), price(1, "CAD", "60.00", "110.00")],
        ("60.00", "110.00", "CAD"),
    ),
    "face value without an amount": (
        [price(0, "USD", None, None), price(1, "USD", "45.10", "99.50", FEES)],
        ("45.10", "99.50", "USD", FEES),
    ),
    "with fees alone": (
        [price(0, "USD", "45.10", "99.50", FEES), price(1, "USD", "30.05", "60.00", FEES)],
        ("30.05", "99.50", "USD", FEES),
    ),
    "two that are no face value": (
        [price(1, "USD", "1.00", "2.00", "resale"), price(0, "USD", "45.10", "99.50", FEES)],
        ("45.10", "99.50", "USD", FEES),
    ),
    "of no type": ([price(0, "USD", "9.99", None, None), price(1, "USD", "1", "2", FEES)], ("9.99", None, "USD", None)),
}


@pytest.fixture(scope="module")
def priced(spark):
    """The prices of one event for each of the cases above."""
    ranges = [{**row, "event_id": case} for case, (rows, _) in PRICES.items() for row in rows]
    return by_key(prices(frame(spark, "event_price_ranges", *ranges)), "event_id")


@pytest.mark.parametrize("case", PRICES)
def test_prices_span_the_ranges_of_one_type_and_currency(priced, case):
    row, expected = priced.get(case), PRICES[case][1]
    if expected is None:
        assert row is None
    else:
        *amounts, kind = expected if len(expected) == 4 else (*expected, "standard")
        assert [row["price_min"], row["price_max"], row["price_currency"]] == amounts
        assert row["price_type"] == kind


@pytest.mark.parametrize("seed", [1, 2])
def test_no_event_is_lost_or_multiplied_whatever_hangs_on_it(staged_events, seed):
    chance = random.Random(seed)
    events = [f"E{number}" for number in range(40)]
    some = [*events, "unknown"]
    venues = [f"V{number}" for number in range(5)]

    def links(other, choices):
        pairs = {(chance.choice(some), chance.choice(choices)) for _ in range(60)}
        return [
            {"event_id": event, other: value, "position": chance.choice([0, 0, 1])} for event, value in sorted(pairs)
        ]

    def numbered(**values):
        pairs = {(chance.choice(some), chance.randrange(4)) for _ in range(60)}
        return [{"event_id": event, "position": at, **values} for event, at in sorted(pairs)]

    result = staged_events(
        events=[{"event_id": event} for event in events],
        venues=[{"venue_id": venue} for venue in venues[:3]],
        event_venues=links("venue_id", venues),
        venue_markets=[
            {"venue_id": venue, "market_id": market, "position": chance.randrange(2)}
            for venue in venues
            for market in "AB"
        ],
        markets=[{"market_id": "A", "name": "All of A"}, {"market_id": "B", "name": "B"}],
        event_attractions=links("attraction_id", ["A1", "A2", "A3"]),
        event_classifications=numbered(is_primary=chance.choice([True, False]), segment_id="S1"),
        event_price_ranges=numbered(currency=chance.choice(["USD", None]), price_min="1"),
        event_presales=numbered(),
    )
    assert sorted(result) == sorted(events)
