"""The simulator's own list of what a crawl must find agrees with what patient paging finds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from infra.simulators.discovery import Limits
from infra.simulators.discovery.oracle import expected
from infra.simulators.tests.discovery.client import Caller, universe

START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = 30


def hours(start: datetime, end: datetime, step: int) -> list[dict[str, str]]:
    """Windows of `step` hours whose edges do not overlap."""
    windows = []
    while start < end:
        last = start + timedelta(hours=step) - timedelta(seconds=1)
        windows.append({"startDateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}", "endDateTime": f"{last:%Y-%m-%dT%H:%M:%SZ}"})
        start += timedelta(hours=step)
    return windows


@pytest.mark.parametrize("country", ["US", "CA"])
def test_paging_through_small_windows_finds_exactly_the_expected(country: str) -> None:
    api = Caller()
    expectation = expected(api.state.world(), {country}, START, START + timedelta(days=DAYS))
    paged: set[str] = set()
    for window in hours(START, START + timedelta(days=DAYS), 24):
        ids = api.ids(countryCode=country, **window)
        assert not ids & paged
        paged |= ids
    assert paged == expectation.dated
    assert api.ids(countryCode=country, includeTBA="only") == expectation.tba
    assert api.ids(countryCode=country, includeTBD="only") == expectation.tbd


def test_expected_venues_and_attractions_can_all_be_looked_up() -> None:
    api = Caller()
    expectation = expected(api.state.world(), {"US", "CA"}, START, START + timedelta(days=DAYS))
    shown_venues: set[str] = set()
    shown_acts: set[str] = set()
    world = api.state.world()
    for event in filter(None, map(world.event, expectation.events)):
        embedded = json.loads(world.bodies.event(event)).get("_embedded", {})
        shown_venues |= {venue["id"] for venue in embedded.get("venues", [])}
        shown_acts |= {attraction["id"] for attraction in embedded.get("attractions", [])}
    assert shown_acts < expectation.attractions
    assert shown_venues < expectation.venues
    for kind, missing in (
        ("venues", expectation.venues - shown_venues),
        ("attractions", expectation.attractions - shown_acts),
    ):
        ids = sorted(missing)[:100]
        page = api.json(f"{kind}.json", id=",".join(ids), size=200, locale="*")
        assert page["page"]["totalElements"] == len(ids)


def test_one_second_can_hold_more_than_paging_reaches() -> None:
    api = Caller(universe(events=3000, busiest_second=1500), Limits(per_second=None))
    expectation = expected(api.state.world(), {"US"}, START, START + timedelta(days=DAYS))
    starts = [event.starts for event in api.state.world().events if event.id in expectation.dated]
    busiest = max(set(starts), key=starts.count)
    second = f"{datetime.fromtimestamp(busiest, UTC):%Y-%m-%dT%H:%M:%SZ}"
    window = {"startDateTime": second, "endDateTime": second, "countryCode": "US"}
    total = api.total(**window)
    assert total > 1200
    assert api.get("events", size=200, page=6, **window).status_code == 400
    segments = [
        classification["segment"]["id"]
        for classification in api.json("classifications")["_embedded"]["classifications"]
        if "segment" in classification
    ]
    found_by_segment = set().union(*(api.ids(segmentId=segment, **window) for segment in segments))
    assert 0 < total - len(found_by_segment) < 50  # what belongs to no segment
