"""An account manager finds nothing odd in the world: places, hours, weekdays, segments, venues, prices.

Shares are measured as the warehouse would: on the shows of four weeks, without duplicates, tests and other countries.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pytest

from infra.simulators.discovery.bodies import GeneratedEvent
from infra.simulators.discovery.world import World
from infra.simulators.tests.discovery.client import universe
from infra.simulators.tests.places import BOUNDS, POPULATION, POSTAL, STATES, TOWNS, ZONES

MONDAY = date(2026, 3, 2)
DEFAULT, SMALL = 10_000, 600
SIZES = [(DEFAULT, 1), (DEFAULT, 2), (SMALL, 1), (SMALL, 2)]
FRIDAY, SATURDAY = 4, 5
BIG_FOUR = {"CA", "TX", "NY", "FL"}


class Month:
    """Four weeks of shows of a world."""

    def __init__(self, events: int, seed: int) -> None:
        self.world: World = universe(seed, events).on(MONDAY)
        last = MONDAY + timedelta(days=27)
        shows: dict[str, GeneratedEvent] = {}
        for event in self.world.events:
            if event.indexed_country not in {"US", "CA"} or event.test or not isinstance(event, GeneratedEvent):
                continue
            day = event.standing.day
            if event.show is not None and day is not None and MONDAY <= day <= last:
                shows.setdefault(event.show, event)
        self.shows = list(shows.values())

    def share(self, part: int) -> float:
        return part / len(self.shows)

    def segments(self) -> Counter[str]:
        return Counter(show.terms[0].name for show in self.shows if show.terms)

    def states(self) -> Counter[str]:
        return Counter(show.venue.state_code for show in self.shows if show.venue and show.venue.state_code)

    def busiest(self, count: int) -> list[str]:
        venues = Counter(show.venue.id for show in self.shows if show.venue)
        return [self.world.venues[venue].name for venue, _ in venues.most_common(count)]


@lru_cache(maxsize=4)
def month_of(events: int, seed: int) -> Month:
    return Month(events, seed)


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]} events, seed {size[1]}")
def month(request: pytest.FixtureRequest) -> Month:
    return month_of(*request.param)


@pytest.fixture
def tolerance(month: Month) -> float:
    """Two standard errors of a share of one half, and a hundredth."""
    return 0.01 + 1 / len(month.shows) ** 0.5


def test_two_of_three_shows_start_between_seven_and_ten_at_night(month: Month, tolerance: float) -> None:
    minutes = [show.standing.minute for show in month.shows if show.standing.minute is not None]
    evenings = sum(19 * 60 <= minute < 22 * 60 for minute in minutes) / len(minutes)
    assert abs(evenings - 0.66) < tolerance
    assert not [minute for minute in minutes if minute < 9 * 60]


def test_nearly_half_are_on_friday_and_saturday(month: Month, tolerance: float) -> None:
    weekdays = Counter(show.standing.day.weekday() for show in month.shows if show.standing.day)
    assert abs(month.share(weekdays[FRIDAY] + weekdays[SATURDAY]) - 0.48) < tolerance
    assert [weekday for weekday, _ in weekdays.most_common(2)] == [SATURDAY, FRIDAY]
    assert min(weekdays, key=weekdays.__getitem__) in {0, 1}  # Monday or Tuesday


def test_arts_music_and_sports_lead(month: Month, tolerance: float) -> None:
    segments = month.segments()
    assert [name for name, _ in segments.most_common(3)] == ["Arts & Theatre", "Music", "Sports"]
    expected = {"Arts & Theatre": 0.43, "Music": 0.28, "Sports": 0.155, "Miscellaneous": 0.11, "Film": 0.02}
    for name, share in expected.items():
        assert abs(month.share(segments[name]) - share) < tolerance + 0.01, name


def test_the_largest_states_lead(month: Month) -> None:
    states = month.states()
    large = len(month.shows) > 2_000
    leaders = [state for state, _ in states.most_common(4 if large else 8)]
    assert set(leaders) >= BIG_FOUR
    assert 0.3 < month.share(sum(states[state] for state in BIG_FOUR)) < 0.5
    if large:
        assert leaders[0] == "CA"
        by_business = sorted(POPULATION, key=lambda state: -states[state])
        by_people = sorted(POPULATION, key=lambda state: -POPULATION[state])
        moves = [abs(by_business.index(state) - by_people.index(state)) for state in POPULATION]
        assert max(moves) <= 3, by_business
        assert states["NV"] > states["OH"]  # Las Vegas
        assert [s for s, _ in states.most_common() if s in {"ON", "QC", "BC", "AB", "MB"}][:2] == ["ON", "QC"]


def test_the_busiest_venues_are_for_tourists(month: Month) -> None:
    tourism = r"Museum|Wax Gallery|Observation Deck|Aquarium|Immersive Gallery|Planetarium|Science Center"
    assert re.search(tourism, month.busiest(1)[0])
    if len(month.shows) > 2_000:
        assert all(re.search(tourism, name) for name in month.busiest(10))


def test_no_ordinary_hall_has_several_shows_a_night(month: Month) -> None:
    nights = Counter(
        (show.venue.id, show.standing.day)
        for show in month.shows
        if show.venue and show.spec.venue and show.spec.venue.house.name not in {"tourism", "long run"}
    )
    crowded = sum(count - 1 for count in nights.values())
    assert month.share(crowded) < 0.03


def test_no_act_is_in_two_places_at_a_time(month: Month) -> None:
    nights: dict[tuple[str, date | None], set[str]] = {}
    for show in month.shows:
        if show.venue and show.spec.venue and show.spec.venue.twin_of is None and show.attraction_ids:
            nights.setdefault((show.attraction_ids[0], show.standing.day), set()).add(show.venue.id)
    assert month.share(sum(len(venues) - 1 for venues in nights.values())) < 0.01


def located(month: Month) -> Iterator[dict[str, Any]]:
    for venue in month.world.venues.values():
        body = json.loads(month.world.bodies.venue(venue))
        if venue.indexed_country in {"US", "CA"} and "stateCode" in body.get("state", {}):
            yield body


def test_every_city_is_in_its_state(month: Month) -> None:
    count = 0
    for body in located(month):
        count += 1
        state, city = body["state"]["stateCode"], body["city"]["name"].strip()
        assert (city.replace("é", "e"), state) in TOWNS
        assert body["state"].get("name", STATES[state]) == STATES[state]
        if "postalCode" in body:
            assert body["postalCode"][0] in POSTAL.get(state, body["postalCode"][0]), body
        if "timezone" in body and city not in {"El Paso"}:
            assert body["timezone"].endswith(ZONES.get(state, "")), body
        place = body.get("location")
        if place and state in BOUNDS and place["latitude"] != "0":
            south, north, west, east = BOUNDS[state]
            assert south < float(place["latitude"]) < north, body
            assert west < float(place["longitude"]) < east, body
    assert count > 0.9 * len([venue for venue in month.world.venues.values() if venue.indexed_country in {"US", "CA"}])


def test_a_city_has_one_market_and_one_area_code(month: Month) -> None:
    markets: dict[tuple[str, str], set[str]] = {}
    areas: dict[tuple[str, str], set[str]] = {}
    for body in located(month):
        town = body["city"]["name"].strip(), body["state"]["stateCode"]
        markets.setdefault(town, set()).update(market["name"] for market in body.get("markets", []))
        if phone := body.get("boxOfficeInfo", {}).get("phoneNumberDetail"):
            areas.setdefault(town, set()).add(phone[:5])
    assert all(len(names) <= 1 for names in markets.values())
    assert all(len(codes) == 1 for codes in areas.values())
    assert len(markets) > 30


def test_prices_are_those_of_what_is_played() -> None:
    month = month_of(DEFAULT, 1)
    cheapest: dict[str, list[float]] = {}
    for show in month.shows:
        prices = json.loads(month.world.bodies.event(show)).get("priceRanges", [{}])[0]
        if show.terms and "min" in prices:
            assert prices["min"] <= prices["max"]
            cheapest.setdefault(show.terms[0].name, []).append(prices["min"])
    medians = {name: sorted(values)[len(values) // 2] for name, values in cheapest.items()}
    assert medians["Film"] < medians["Sports"] < medians["Music"]
    assert all(min(values) > 8 and max(values) < 200 for values in cheapest.values())


def test_who_performs_fits_the_hall(month: Month) -> None:
    teams = {show.spec.attractions[0] for show in month.shows if " vs. " in show.name and show.spec.attractions}
    assert teams
    for show in month.shows:
        venue, acts = show.spec.venue, show.spec.attractions
        if " vs. " in show.name:
            assert len(set(show.name.split(" vs. "))) == 2
            if venue and acts:
                assert acts[0].base_name.startswith(venue.city.name)
        elif venue and acts and acts[0].kind:
            assert acts[0].kind.house == venue.house.name
        assert len({act.classification.segment.name for act in acts}) <= 1, show.name
