"""Kinds of acts: their houses, their classification, their names, and what their tickets cost."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from . import titles

Names = Callable[[random.Random], str] | str
"""A function that makes up a name, or a kind of titles."""


class Kind(NamedTuple):
    """One kind of acts.

    Attributes:
        house: the name of the houses where it performs.
        share: its share of the acts of those houses.
        names: how to make up a name.
        unbilled: what a show without a named act is called; None: as an act of this kind.
        prices: cheapest and dearest usual price of the best seat left, in the venue's currency.
        supported: whether other acts open for it.
        touring: whether a tour has a name of its own.
    """

    house: str
    share: float
    segment: str
    genre: str
    type: str
    subtype: str
    names: Names
    prices: tuple[int, int]
    unbilled: tuple[str, ...] | None = None
    supported: bool = False
    touring: bool = False

    def name(self, dice: random.Random, venue: str = "") -> str:
        """A made-up name that fits the venue, if it will be performed at one only."""
        if self.house == "tourism":
            return titles.exhibit(dice, venue)
        return titles.title(dice, self.names) if isinstance(self.names, str) else self.names(dice)


def _music(house: str, share: float, genre: str, names: Names, *, group: bool = True) -> Kind:
    who = ("Group", "Band") if group else ("Individual", "Musician")
    if genre in {"Other", "Undefined"}:
        who = ("Undefined", "Undefined")
    prices = (65, 190) if house == "arena" else (20, 55) if house == "club" else (35, 110)
    known = genre not in {"Other", "Undefined", "Classical"}
    nights = (
        f"{genre.split('/', maxsplit=1)[0]} Night",
        "Local Showcase",
        "Battle of the Bands" if group else "Rising Stars",
    )
    clubs = ("Open Mic Night", *nights)
    unbilled = None if house == "arena" or not known else clubs if house == "club" else nights
    return Kind(house, share, "Music", genre, *who, names, prices, unbilled, supported=True, touring=True)


def _stage(
    house: str,
    share: float,
    genre: str,
    names: Names,
    prices: tuple[int, int],
    who: tuple[str, str] = ("Undefined", "Undefined"),
) -> Kind:
    return Kind(house, share, "Arts & Theatre", genre, *who, names, prices)


def _comedy(house: str, share: float) -> Kind:
    unbilled = ("Stand-Up Showcase", "New Faces of Comedy", "Improv Night", "Late-Night Comedy")
    who = ("Individual", "Comedian")
    return Kind(house, share, "Arts & Theatre", "Comedy", *who, titles.singer, (20, 75), unbilled, supported=True)


def _other(house: str, share: float, segment: str, genre: str, names: Names, prices: tuple[int, int]) -> Kind:
    return Kind(house, share, segment, genre, "Undefined", "Undefined", names, prices)


TEAM_PRICES = {"Basketball": (25, 160), "Hockey": (25, 150), "Baseball": (14, 80), "Soccer": (20, 95)}

KINDS = (
    _stage("stage", 30, "Theatre", titles.theatre, (35, 139), ("Event Style", "Tour")),
    _stage("stage", 7, "Children's Theatre", "for children", (18, 45)),
    _stage("stage", 9, "Dance", titles.dance, (30, 110)),
    _stage("stage", 5, "Opera", "opera", (35, 160)),
    _stage("stage", 3, "Magic & Illusion", titles.magic, (30, 85)),
    _stage("stage", 3, "Circus", "circus", (35, 120)),
    _stage("stage", 1, "Music", titles.orchestra, (30, 95)),
    _comedy("stage", 14),
    _music("stage", 7, "Classical", titles.orchestra),
    _music("stage", 4, "Pop", titles.singer, group=False),
    _music("stage", 4, "Jazz", titles.jazz),
    _music("stage", 4, "Country", titles.singer, group=False),
    _other("stage", 4, "Miscellaneous", "Lecture/Seminar", "lecture", (25, 70)),
    _music("hall", 25, "Rock", titles.band),
    _music("hall", 13, "Pop", titles.musician, group=False),
    _music("hall", 12, "Country", titles.musician, group=False),
    _music("hall", 10, "Alternative", titles.band),
    _music("hall", 9, "Hip-Hop/Rap", titles.rapper, group=False),
    _music("hall", 7, "Metal", titles.band),
    _music("hall", 5, "R&B", titles.singer, group=False),
    _music("hall", 5, "Latin", titles.latin),
    _music("hall", 4, "Folk", titles.musician),
    _music("hall", 4, "Dance/Electronic", titles.dj, group=False),
    _music("hall", 2, "Other", titles.musician),
    _music("hall", 1, "Undefined", titles.musician),
    _comedy("hall", 3),
    _other("hall", 2, "Undefined", "Undefined", titles.musician, (25, 60)),
    _comedy("club", 56),
    _music("club", 9, "Rock", titles.band),
    _music("club", 8, "Alternative", titles.band),
    _music("club", 8, "Jazz", titles.jazz),
    _music("club", 6, "Blues", titles.singer),
    _music("club", 6, "Dance/Electronic", titles.dj, group=False),
    _music("club", 4, "Folk", titles.musician),
    _music("club", 3, "Hip-Hop/Rap", titles.rapper, group=False),
    _music("arena", 24, "Pop", titles.musician, group=False),
    _music("arena", 20, "Rock", titles.band),
    _music("arena", 16, "Country", titles.musician, group=False),
    _music("arena", 8, "Hip-Hop/Rap", titles.rapper, group=False),
    _music("arena", 8, "Latin", titles.latin),
    _other("arena", 8, "Miscellaneous", "Ice Shows", "ice show", (25, 90)),
    _other("arena", 6, "Miscellaneous", "Family", "family show", (25, 80)),
    _other("arena", 5, "Sports", "Wrestling", "wrestling", (25, 120)),
    _other("arena", 5, "Sports", "Motorsports/Racing", "motorsport", (20, 70)),
    _other("grounds", 20, "Miscellaneous", "Hobby Expos", "expo", (10, 25)),
    _other("grounds", 12, "Miscellaneous", "Food & Drink", "food", (35, 85)),
    _other("grounds", 12, "Miscellaneous", "Fairs & Festivals", "fair", (12, 45)),
    _other("grounds", 20, "Sports", "Motorsports/Racing", "motorsport", (20, 65)),
    _other("grounds", 18, "Sports", "Rodeo", "rodeo", (20, 75)),
    _other("grounds", 18, "Sports", "Boxing", "fight", (40, 150)),
    _other("cinema", 50, "Film", "Documentary", "film", (12, 20)),
    _other("cinema", 30, "Film", "Music", "film", (12, 25)),
    _other("cinema", 20, "Film", "Family", "film", (10, 16)),
    _stage("long run", 60, "Theatre", "musical", (69, 199), ("Event Style", "Tour")),
    _stage("long run", 22, "Variety", "revue", (59, 149)),
    _stage("long run", 10, "Magic & Illusion", titles.magic, (49, 119)),
    _comedy("long run", 8),
    _stage("tourism", 45, "Fine Art", "museum", (19, 38)),
    Kind("tourism", 35, "Miscellaneous", "Special Interest", "Venue Based", "Museum", "museum", (16, 35)),
    Kind("tourism", 20, "Miscellaneous", "Family", "Venue Based", "Museum", "museum", (15, 32)),
)
