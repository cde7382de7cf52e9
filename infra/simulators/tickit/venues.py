"""The venues: stadiums, theatres and opera houses, each kind with its own numbers, and gaps between them.

In the published file, most venues have no seats, and two opera houses share a name.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..discovery import wording
from ..discovery.dice import Weighted, chance
from ..discovery.geography import CANADIAN_CITIES, US_CITIES, City, ascii_name
from ..discovery.houses import LONG_RUN, STAGE

MISSING = (12, 51, 64)
"""Numbers that events refer to, but that no venue has."""
STADIUMS = tuple(number for number in range(1, 131) if number not in MISSING)
THEATRES = tuple(range(200, 265))
OPERA_HOUSES = tuple(range(300, 310))

_UNKNOWN_SEATS = range(250, 265)
"""Venues with `\\N` seats. Most others have 0, which means as little."""
_WITH_SEATS = 57
_IN_CANADA = 8
_GROUNDS = {
    "Stadium": (42_000, 78_000),
    "Park": (36_000, 52_000),
    "Field": (38_000, 72_000),
    "Arena": (14_000, 21_000),
    "Center": (15_000, 21_000),
    "Coliseum": (12_000, 19_000),
    "Ballpark": (35_000, 50_000),
    "Dome": (50_000, 74_000),
}
_THEATRE_SEATS = (500, 2_700)
_OPERA_SEATS = (1_800, 3_800)
_PUBLISHED_SEATS = (20_000, 92_000)
_AMERICAN, _CANADIAN = (Weighted(cities, [city.weight for city in cities]) for cities in (US_CITIES, CANADIAN_CITIES))
_OF_BROADWAY = 0.6
"""The share of theatres in New York and the other cities where plays run for years."""


def venue_lines(seed: int, quirks: bool = False) -> Iterator[str]:
    """The lines of the venue file.

    Args:
        seed: the seed.
        quirks: write as many venues without seats as published, and one name twice.
    """
    dice = chance(seed, "venues")
    names = _Names(dice)
    lines = [*_stadiums(dice, names), *_theatres(dice, names), *_opera_houses(dice, names)]
    if quirks:
        lines = _as_published(dice, lines)
    yield from ("|".join(map(str, line)) for line in lines)


class _Line(NamedTuple):
    """A line of the file."""

    number: int
    name: str
    city: str
    state: str
    seats: str


def _stadiums(dice: random.Random, names: _Names) -> Iterator[_Line]:
    in_canada = set(dice.sample(STADIUMS, _IN_CANADA))
    for number in STADIUMS:
        name = names.new(_stadium)
        city = (_CANADIAN if number in in_canada else _AMERICAN).pick(dice)
        yield _line(number, name, city, dice.randrange(*_GROUNDS[name.rsplit(" ", 1)[1]]))


def _theatres(dice: random.Random, names: _Names) -> Iterator[_Line]:
    for number in THEATRES:
        is_famous = dice.random() < _OF_BROADWAY
        city = LONG_RUN.places.pick(dice) if is_famous else _AMERICAN.pick(dice)
        city = city if city.country_code == "US" else _AMERICAN.pick(dice)
        yield _line(number, names.new(_theatre), city, dice.randrange(*_THEATRE_SEATS))


def _opera_houses(dice: random.Random, names: _Names) -> Iterator[_Line]:
    cities: dict[str, City] = {}
    while len(cities) < len(OPERA_HOUSES):
        city = _AMERICAN.pick(dice)
        cities[city.name] = city
    for number, city in zip(OPERA_HOUSES, cities.values(), strict=True):
        yield _line(number, names.new(_opera_house), city, dice.randrange(*_OPERA_SEATS))


def _as_published(dice: random.Random, lines: list[_Line]) -> list[_Line]:
    """The lines with the flaws of the published file."""
    with_seats = set(dice.sample(STADIUMS, _WITH_SEATS))
    flawed: list[_Line] = []
    for line in lines:
        seats = str(dice.randrange(*_PUBLISHED_SEATS)) if line.number in with_seats else "0"
        flawed.append(line._replace(seats=r"\N" if line.number in _UNKNOWN_SEATS else seats))
    first = next(line for line in flawed if line.number == OPERA_HOUSES[0])
    return [line._replace(name=first.name) if line.number == OPERA_HOUSES[-1] else line for line in flawed]


class _Names:
    """Returns names without repetition."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._given: set[str] = set()

    def new(self, name: Callable[[random.Random], str]) -> str:
        while (candidate := name(self._dice)) in self._given:
            pass
        self._given.add(candidate)
        return candidate


def _line(number: int, name: str, city: City, seats: int) -> _Line:
    return _Line(number, name, ascii_name(city), city.state_code, str(seats))


def _stadium(dice: random.Random) -> str:
    return f"{wording.sponsor(dice)} {dice.choice(tuple(_GROUNDS))}"


def _theatre(dice: random.Random) -> str:
    return LONG_RUN.title(dice, dice.randrange(len(LONG_RUN.titles)))


def _opera_house(dice: random.Random) -> str:
    return f"{STAGE.title(dice, 0).removesuffix(' Theatre')} Grand Opera"
