"""Who performs where on a day: each venue has as many shows as fit its kind, and no act is at two places at a time."""

from __future__ import annotations

import random
from datetime import date
from math import ceil
from typing import NamedTuple

from . import dice
from .attractions import AttractionSpec
from .games import home_half
from .houses import ARENA, LONG_RUN, STADIUM, TOURISM, admission, performance
from .venues import VenueSpec

_STEP = 7919
"""A prime that is larger than most numbers of acts, so that its multiples reach all of them in turn."""


class Slot(NamedTuple):
    """A show: its venue, the local minute of its start, and its main act."""

    venue: VenueSpec
    minute: int
    act: AttractionSpec


class Stages:
    """The shows of all days.

    The shows of a day are dealt to the venues in a fixed order: a venue gets one for each of the evenly spaced points
    that fall into its room, which is as large as its number of shows. So no venue gets more or less than it should.

    Args:
        seed: the seed of the universe.
        venues: all venues of the US and Canada; the first `arenas` are arenas and stadiums in pairs.
        attractions: teams, then the productions of `residences` in their order, then acts on tour.
        arenas: the number of arenas.
        residences: venues with a production of their own.
    """

    def __init__(
        self,
        seed: int,
        venues: list[VenueSpec],
        attractions: list[AttractionSpec],
        arenas: int,
        residences: list[VenueSpec],
    ) -> None:
        self._seed = seed
        self._venues = sorted(venues, key=lambda venue: (venue.house.name, venue.index))
        self._room = dice.Weighted(self._venues, [venue.shows_a_day for venue in self._venues])
        self._arenas = venues[:arenas]
        first = 2 * arenas
        self._resident = {venue.index: attractions[first + n] for n, venue in enumerate(residences)}
        self._acts: dict[str, list[AttractionSpec]] = {}
        self._supporting: dict[tuple[str, str], list[AttractionSpec]] = {}
        for act in attractions[first + len(residences) :]:
            if act.kind is not None:
                self._acts.setdefault(act.kind.house, []).append(act)
                self._supporting.setdefault((act.kind.house, act.kind.segment), []).append(act)

    def slot(self, roll: random.Random, day: date, number: int, size: int) -> Slot:
        """The `number`-th of the `size` shows of a day."""
        shift = dice.number(self._seed, "stages", day.toordinal()) % 9973 / 9973
        place = self._room.index_at((number % size + shift) / size)
        venue = self._venues[place]
        if venue.house in {ARENA, STADIUM}:
            venue = self._arenas[venue.index - venue.index % 2 + 1 - home_half(day)]
        order = number % size - ceil(self._room.start_of(place) * size - shift)
        return self.slot_at(venue, day, number, self._minute(roll, venue, day, order))

    def slot_at(self, venue: VenueSpec, day: date, number: int, minute: int) -> Slot:
        """The `number`-th show of a day, at a venue. Consecutive numbers give different acts."""
        identity = venue.index if venue.twin_of is None else venue.twin_of
        act = self._resident.get(identity)
        if act is None:
            acts = self._acts[venue.house.name if venue.house.name in self._acts else "stage"]
            act = acts[(number * _STEP + dice.number(self._seed, "acts", day.toordinal()) % len(acts)) % len(acts)]
        return Slot(venue, minute, act)

    def support(self, roll: random.Random, act: AttractionSpec, count: int) -> list[AttractionSpec]:
        """Acts that may perform with another one: of the same kind of houses, and the same segment."""
        if act.kind is None:
            return []
        acts = self._supporting.get((act.kind.house, act.kind.segment), [act])
        return [roll.choice(acts) for _ in range(count)]

    def _minute(self, roll: random.Random, venue: VenueSpec, day: date, order: int) -> int:
        if venue.house is TOURISM:
            return admission(venue.index, order)
        if venue.house is LONG_RUN:
            return performance(LONG_RUN, roll, day.weekday(), order)
        return venue.house.start(roll, day.weekday())
