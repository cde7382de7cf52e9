"""The venues: stadiums, theatres and opera houses, each kind with its own numbers, and gaps between them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from ..discovery import wording
from ..discovery.dice import chance
from ..discovery.geography import CANADIAN_CITIES, US_CITIES, City

MISSING = (12, 51, 64)
"""Numbers that events refer to, but that no venue has."""
STADIUMS = tuple(number for number in range(1, 131) if number not in MISSING)
THEATRES = tuple(range(200, 265))
OPERA_HOUSES = tuple(range(300, 310))

_UNKNOWN_SEATS = range(250, 265)
"""Venues with `\\N` seats. Most others have 0, which means as little."""
_WITH_SEATS = 57
_IN_CANADA = 8
_GROUNDS = ("Stadium", "Park", "Field", "Arena", "Center", "Coliseum", "Ballpark", "Dome")
_AMERICAN, _CANADIAN = (
    tuple(city for city in cities if city.name.isascii()) for cities in (US_CITIES, CANADIAN_CITIES)
)


def venue_lines(seed: int) -> Iterator[str]:
    """The lines of the venue file."""
    dice = chance(seed, "venues")
    with_seats = set(dice.sample(STADIUMS, _WITH_SEATS))
    in_canada = set(dice.sample(STADIUMS, _IN_CANADA))
    names = _Names(dice)
    for number in STADIUMS:
        city = dice.choice(_CANADIAN if number in in_canada else _AMERICAN)
        seats = str(dice.randrange(20_000, 92_000)) if number in with_seats else "0"
        yield _line(number, names.new(_stadium), city, seats)
    for number in THEATRES:
        name = names.new(_theatre)
        yield _line(number, name, dice.choice(_AMERICAN), r"\N" if number in _UNKNOWN_SEATS else "0")
    # the last opera house has the same name as the first one, in another city
    houses = [names.new(_opera_house) for _ in OPERA_HOUSES[1:]]
    for number, name, city in zip(
        OPERA_HOUSES, (*houses, houses[0]), dice.sample(_AMERICAN, len(OPERA_HOUSES)), strict=True
    ):
        yield _line(number, name, city, "0")


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


def _line(number: int, name: str, city: City, seats: str) -> str:
    return f"{number}|{name}|{city.name}|{city.state_code}|{seats}"


def _stadium(dice: random.Random) -> str:
    return f"{wording.sponsor(dice)} {dice.choice(_GROUNDS)}"


def _theatre(dice: random.Random) -> str:
    name, kind = wording.hall(dice)
    return f"{name} {kind}"


def _opera_house(dice: random.Random) -> str:
    return f"{wording.hall(dice)[0]} Grand Opera"
