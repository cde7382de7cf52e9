"""Games: which teams play where on a day. No team plays twice, and no arena has a show on the night of a game."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from . import dice
from .attractions import AttractionSpec
from .venues import VenueSpec

_EVENINGS = dice.Weighted((1140, 1170, 1200, 1110, 1080), (12, 6, 3, 2, 1))
_WEEKEND = dice.Weighted((1140, 1170, 1080, 900, 780), (6, 2, 1, 2, 2))
_MATINEE = 13 * 60


class Game(NamedTuple):
    """A game. `minute` is its local start."""

    arena: VenueSpec
    home: AttractionSpec
    away: AttractionSpec
    minute: int


class Games:
    """The games of all days.

    Half of the arenas have home games on a day, and their teams play those of the other half. Arenas 4n and 4n+1 have
    the same sports, 4n+2 and 4n+3 others.

    Args:
        seed: the seed of the universe.
        arenas: the arenas, four times any number.
        attractions: the teams of arena n are at 2n and 2n+1.
    """

    def __init__(self, seed: int, arenas: list[VenueSpec], attractions: list[AttractionSpec]) -> None:
        self._seed = seed
        self._arenas = arenas
        self._attractions = attractions
        self._pairs = len(arenas) // 2

    def game(self, day: date, number: int) -> Game:
        """The `number`-th game of a day; -1 is valid, too. If there are more than home arenas, the rest are earlier."""
        lot = dice.number(self._seed, "games", day.toordinal())
        half = home_half(day)
        turn, round_ = (number + lot) % self._pairs, max(number, 0) // self._pairs
        side = (lot + turn // 2 + round_) % 2
        arena = 2 * turn + half
        opponent = 2 * ((turn + 2 * (lot // 1000)) % self._pairs) + 1 - half
        roll = dice.chance(self._seed, "game", day.toordinal(), number)
        minute = _MATINEE if round_ else (_WEEKEND if day.weekday() >= 5 else _EVENINGS).pick(roll)
        home, away = (self._attractions[2 * index + side] for index in (arena, opponent))
        return Game(self._arenas[arena], home, away, minute)


def home_half(day: date) -> int:
    """Whether the arenas with even (0) or odd (1) numbers have the home games of a day. The others may have shows."""
    return day.toordinal() % 2
