"""Every oddity of the real API is there, about as often as it was seen."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from infra.simulators.tests.discovery.client import NOW, universe

Event = dict[str, Any]


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """Everything a crawl of 30 days finds, and the undated."""
    world = universe(events=4000).on(NOW.date())
    indexed_events = [event for event in world.events if event.indexed_country in {"US", "CA"} and not event.test]
    return [json.loads(world.bodies.event(event)) for event in indexed_events]


@pytest.fixture(scope="module")
def host(events: list[Event]) -> list[Event]:
    return [event for event in events if "url" in event]


@pytest.fixture(scope="module")
def venues(events: list[Event]) -> list[dict[str, Any]]:
    shown = {venue["id"]: venue for event in events for venue in event.get("_embedded", {}).get("venues", [])}
    return list(shown.values())


@pytest.fixture(scope="module")
def attractions(events: list[Event]) -> list[dict[str, Any]]:
    shown = {
        attraction["id"]: attraction
        for event in events
        for attraction in event.get("_embedded", {}).get("attractions", [])
    }
    return list(shown.values())


def share(events: list[Event], holds: Any) -> float:
    return sum(bool(holds(event)) for event in events) / len(events)


def linked(event: Event, kind: str) -> set[str]:
    return {link["href"].split("?")[0].rsplit("/", 1)[1] for link in event["_links"].get(kind, [])}


def embedded(event: Event, kind: str) -> set[str]:
    return {entity["id"] for entity in event.get("_embedded", {}).get(kind, [])}


@pytest.mark.parametrize(
    ("name", "low", "high", "holds"),
    [
        ("no venue at all", 0.002, 0.02, lambda e: not linked(e, "venues")),
        ("a venue only linked", 0.005, 0.04, lambda e: linked(e, "venues") - embedded(e, "venues")),
        ("an attraction only linked", 0.01, 0.06, lambda e: linked(e, "attractions") - embedded(e, "attractions")),
        ("several attractions", 0.1, 0.6, lambda e: len(linked(e, "attractions")) > 1),
        ("no attraction", 0.05, 0.3, lambda e: not linked(e, "attractions")),
        ("no classification", 0.002, 0.03, lambda e: "classifications" not in e),
        ("several classifications", 0.03, 0.15, lambda e: len(e.get("classifications", [])) > 1),
        ("a 1900 onsale", 0.1, 0.25, lambda e: e["sales"]["public"].get("startDateTime", "").startswith("1900")),
        ("an onsale to be announced", 0.002, 0.03, lambda e: e["sales"]["public"]["startTBA"]),
        ("prices", 0.04, 0.2, lambda e: "priceRanges" in e),
        ("a time to be announced", 0.003, 0.04, lambda e: e["dates"]["start"]["timeTBA"]),
        ("no specific time", 0.003, 0.04, lambda e: e["dates"]["start"]["noSpecificTime"]),
        ("no date (TBA)", 0.005, 0.04, lambda e: e["dates"]["start"]["dateTBA"]),
        ("no date (TBD)", 0.001, 0.02, lambda e: e["dates"]["start"]["dateTBD"]),
        ("no time zone", 0.02, 0.08, lambda e: "timezone" not in e["dates"]),
        ("no name", 0.0001, 0.004, lambda e: "name" not in e),
        ("products", 0.1, 0.4, lambda e: "products" in e),
        ("a promoter", 0.4, 0.8, lambda e: "promoter" in e),
        ("cancelled", 0.003, 0.03, lambda e: e["dates"]["status"].get("code") == "cancelled"),
        ("rescheduled", 0.002, 0.03, lambda e: e["dates"]["status"].get("code") == "rescheduled"),
        ("postponed", 0.003, 0.03, lambda e: e["dates"]["status"].get("code") == "postponed"),
        ("not a show", 0.005, 0.05, lambda e: "Travel Packages" in e.get("name", "") or "Parking" in e.get("name", "")),
    ],
)  # fmt: skip
def test_frequency(host: list[Event], name: str, low: float, high: float, holds: Any) -> None:
    frequency = share(host, holds)
    assert low <= frequency <= high, f"{name}: {frequency:.4f}"


def test_archtics_duplicates(events: list[Event]) -> None:
    archtics = [event for event in events if event["id"].startswith("Za5")]
    assert 0.03 < len(archtics) / len(events) < 0.15
    for event in archtics:
        assert not {"url", "sales", "classifications", "promoter"} & set(event)
        assert len(event["id"]) in {33, 34}
        assert event["dates"]["status"].get("code", "offsale") == "offsale"
        assert "end" in event["dates"]
        assert embedded(event, "venues")
        assert all(venue_id.startswith("Za5") for venue_id in embedded(event, "venues"))
    placeholders = [event for event in archtics if event["dates"]["end"]["localDate"].endswith("-12-31")]
    assert 0.3 < len(placeholders) / len(archtics) < 0.9
    assert any(event["dates"]["start"]["localDate"] == "2025-12-31" for event in archtics)


def test_one_game_is_listed_several_times(events: list[Event]) -> None:
    teams = Counter(
        (event["name"].replace("vs.", "vs"), event["dates"]["start"].get("dateTime"))
        for event in events
        if " vs" in event.get("name", "")
    )
    assert teams.most_common(1)[0][1] >= 3


def test_flags_and_dates_agree(events: list[Event]) -> None:
    for event in events:
        start = event["dates"]["start"]
        assert {"dateTBD", "dateTBA", "timeTBA", "noSpecificTime"} <= set(start)
        undated, timeless = start["dateTBA"] or start["dateTBD"], start["timeTBA"] or start["noSpecificTime"]
        assert ("localDate" in start) is not undated
        assert ("dateTime" in start) is not (undated or timeless)
        assert ("localTime" in start) is ("dateTime" in start)
        if event["dates"]["status"].get("code") in {"rescheduled", "postponed"}:
            assert "localDate" in event["dates"]["initialStartDate"]


def test_exactly_one_classification_is_primary(events: list[Event]) -> None:
    for event in events:
        if "classifications" in event:
            assert sum(path["primary"] for path in event["classifications"]) == 1


def test_weight_of_an_event(host: list[Event]) -> None:
    sizes = sorted(len(str(event)) for event in host)
    assert 5_000 < sizes[len(sizes) // 2] < 12_000


def test_venue_dirt(venues: list[dict[str, Any]]) -> None:
    countries = Counter(venue.get("country", {}).get("countryCode") for venue in venues)
    assert countries["CAN"]
    assert {venue["country"]["name"] for venue in venues if venue.get("country", {}).get("countryCode") == "CAN"} == {
        "Can"
    }
    assert 0 < countries[None] < 0.05 * len(venues)
    assert 0 < sum("state" not in venue for venue in venues) < 0.05 * len(venues)
    assert 0 < sum("name" not in venue for venue in venues) < 0.02 * len(venues)
    assert any("city" in venue and venue["city"]["name"] != venue["city"]["name"].strip() for venue in venues)
    assert any(venue.get("location") == {"longitude": "0", "latitude": "0"} for venue in venues)
    assert all(isinstance(venue["location"]["latitude"], str) for venue in venues if "location" in venue)
    assert all(isinstance(dma["id"], int) for venue in venues for dma in venue.get("dmas", []))
    assert all(isinstance(market["id"], str) for venue in venues for market in venue.get("markets", []))
    assert any({"id": 324} in venue.get("dmas", []) and venue["country"]["countryCode"] == "CA" for venue in venues)
    assert {"America/Indianapolis", "America/Montreal"} <= {venue.get("timezone") for venue in venues}
    assert "*Venues Vary By Event*" in {venue.get("name") for venue in venues}
    assert 0 < sum("dmas" not in venue for venue in venues) < 0.4 * len(venues)


def test_the_same_venue_has_several_ids(venues: list[dict[str, Any]]) -> None:
    names = Counter((venue["name"], venue["city"]["name"].strip()) for venue in venues if "name" in venue)
    assert names.most_common(1)[0][1] >= 2
    assert sum(count > 1 for count in names.values()) > len(venues) * 0.02


def test_attraction_dirt(attractions: list[dict[str, Any]]) -> None:
    assert any(attraction.get("draftStatus") == "ACCEPTED" for attraction in attractions)
    assert any("upcomingEvents" not in attraction for attraction in attractions)
    assert len({attraction["name"] for attraction in attractions}) < len(attractions)
    music = [link for attraction in attractions for link in attraction.get("externalLinks", {}).get("musicbrainz", [])]
    assert {frozenset(link) for link in music} == {frozenset({"id"}), frozenset({"id", "url"})}
    assert all(len(attraction["classifications"]) == 1 for attraction in attractions)


def test_sources_counted(venues: list[dict[str, Any]]) -> None:
    sources = {source for venue in venues for source in venue.get("upcomingEvents", {})}
    assert {"_total", "_filtered", "ticketmaster", "tmr", "ticketweb", "archtics"} <= sources
    for venue in venues:
        counts = dict(venue.get("upcomingEvents", {"_total": 0, "_filtered": 0}))
        assert counts.pop("_total") == sum(counts.values())


def test_a_great_many_events_start_at_the_same_second() -> None:
    starts = Counter(event.starts for event in universe(events=8000).on(NOW.date()).events if event.starts)
    assert starts.most_common(1)[0][1] >= 200
    busy = universe(events=3000, busiest_second=1500).on(NOW.date())
    starts = Counter(event.starts for event in busy.events if event.starts)
    (instant, count) = starts.most_common(1)[0]
    assert count >= 1500
    terms = [event.terms for event in busy.events if event.starts == instant]
    # some belong to no segment, so that splitting by segment leaves a rest
    assert any(not event_terms for event_terms in terms)
