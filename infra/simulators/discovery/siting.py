"""The venues of the US and Canada: their kinds, their cities, and how many shows they have.

Kinds and cities are spread evenly, not drawn, so that a world of any size has its share of shows in every segment and
in the large states.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import ceil

from . import dice
from .geography import City
from .houses import ARENA, HOUSES, LONG_RUN, STADIUM, TOURISM, House
from .venues import VenueSpec, make_twin, make_venue

_GOLDEN = 0.6180339887498949
"""Multiples of it, without their integers, are spread evenly however many you take."""
_GAMES_A_DAY = 0.25
"""Games per arena and day, in addition to shows."""
_VENUES_PER_ARENA = 9
_TWIN_SHARE = 0.15
"""The shows that are listed under another id of a venue, compared with those under its own."""
_OTHERS = dice.Weighted(HOUSES, [house.share for house in HOUSES])


def make_venues(seed: int, count: int) -> list[VenueSpec]:
    """The venues of the US and Canada. The first ones, about one in nine, are arenas and stadiums in pairs."""
    arenas = arena_count(count)
    houses = [_house(index, arenas) for index in range(count)]
    originals = _originals(houses, arenas)
    for index, original in originals.items():
        houses[index] = houses[original]
    shows = _shows(seed, houses, originals)
    cities = _cities(seed, houses, shows, originals)
    venues: list[VenueSpec] = []
    places: Counter[House] = Counter()
    names: set[tuple[str, str]] = set()
    for index, house in enumerate(houses):
        if index in originals:
            venue = make_twin(seed, index, venues[originals[index]])
        else:
            venue = make_venue(seed, index, cities[index], house, places[house], names)
            places[house] += 1
        venue.shows_a_day = shows[index]
        venues.append(venue)
    return venues


def arena_count(venues: int) -> int:
    """The number of arenas and stadiums among so many venues: a multiple of four, as games need."""
    return max(8, ceil(venues / _VENUES_PER_ARENA / 4) * 4)


def _house(index: int, arenas: int) -> House:
    if index < arenas:
        return ARENA if index // 2 % 2 == 0 else STADIUM
    if index == arenas + 1:
        return LONG_RUN
    return _OTHERS.at((index - arenas) * _GOLDEN % 1)


def _originals(houses: Sequence[House], arenas: int) -> dict[int, int]:
    """The venues that double another one shortly before them."""
    pairs = {index: index - (1 if index % 17 == 5 else 2) for index in range(len(houses)) if _is_twin(index)}
    single = {TOURISM, LONG_RUN}
    return {
        n: original
        for n, original in pairs.items()
        if original >= arenas and not single & {houses[n], houses[original]}
    }


def _is_twin(index: int) -> bool:
    return index % 17 == 5 or index % 51 == 6


def _shows(seed: int, houses: Sequence[House], originals: dict[int, int]) -> list[float]:
    """The shows per day of each venue. All venues of a kind together have what its share of the venues calls for."""
    rolls = (dice.number(seed, "shows", index) % 1000 / 1000 for index in range(len(houses)))
    shows = [house.shows_a_day * (0.7 + 0.6 * roll) for house, roll in zip(houses, rolls, strict=True)]
    for index, original in originals.items():
        shows[index] = shows[original] * _TWIN_SHARE
    totals: defaultdict[House, float] = defaultdict(float)
    for house, number in zip(houses, shows, strict=True):
        totals[house] += number
    scales = {house: house.share * len(houses) * house.shows_a_day / total for house, total in totals.items()}
    return [number * scales[house] for house, number in zip(houses, shows, strict=True)]


def _cities(seed: int, houses: Sequence[House], shows: Sequence[float], originals: dict[int, int]) -> dict[int, City]:
    """A city for each venue but the doubles, so that shows are spread over states as their business is."""
    order = sorted(range(len(houses)), key=lambda index: dice.number(seed, "order", index))
    cities: dict[int, City] = {}
    for table in dict.fromkeys(house.cities for house in houses):
        indices = [index for index in order if houses[index].cities == table and index not in originals]
        rooms = [shows[index] + _games(houses[index]) for index in indices]
        total = sum(rooms)
        position = dice.number(seed, "start", table or "") % 1000 / 1000
        for index, room in zip(indices, rooms, strict=True):
            share = room / total
            cities[index] = houses[index].places.at((position + share / 2) % 1)
            position += share
    return cities


def _games(house: House) -> float:
    return _GAMES_A_DAY if house in {ARENA, STADIUM} else 0.0
