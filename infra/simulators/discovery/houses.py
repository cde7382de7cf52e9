"""Kinds of venues: how many there are of each, what they are called, how many shows they have, and when.

The busiest are attractions for tourists, which admit visitors from morning to evening, then theatres with a production
of their own for years. All others have a show every few days.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property

from . import dice
from .geography import CANADIAN_CITIES, US_CITIES, City, business
from .wording import person, sponsor, words

Times = tuple[tuple[str, float], ...]

_TOURIST_CITIES = (
    "Las Vegas NV 5|New York NY 5|Orlando FL 4|Miami FL 2|Los Angeles CA 3|San Francisco CA 3|San Diego CA 2|"
    "Anaheim CA 2|San Antonio TX 3|Houston TX 2|Chicago IL 2|Washington DC 2|Toronto ON 1.5|Niagara Falls ON 1|"
    "New Orleans LA 1|Nashville TN 1|Boston MA 1|Philadelphia PA 1|Honolulu HI 0.5"
)
_LONG_RUN_CITIES = (
    "New York NY 10|Las Vegas NV 6|Los Angeles CA 5|San Francisco CA 2|San Diego CA 1|Dallas TX 3|Houston TX 2|"
    "Chicago IL 3|Toronto ON 2|Orlando FL 3|Boston MA 1|Washington DC 1|Philadelphia PA 1|Atlanta GA 1"
)
_NAMES = words("""
Alder Amethyst Arbor Arcadia Argyle Aurora Birchwood Bluebird Calliope Camelia Cardinal Carousel Cedar Chime Cinder
Clarion Corsair Crescent Daybreak Dominion Elmwood Everglow Foxglove Gaslight Gladstone Heron Hickory Hyacinth Iris
Ivory Jubilee Junction Lantern Larkspur Linden Magnolia Marigold Meridian Mistral Mulberry Nightingale Oleander
Parkside Peacock Pembroke Pinecrest Rosewood Saffron Sapphire Sycamore Tamarack Tulip Verdant Waverly Wayside
Wisteria
""")


@dataclass(frozen=True, eq=False)
class House:
    """A kind of venues.

    Attributes:
        name: its name, also that of the acts that perform there.
        titles: what venues are called: `{}` is a name, `{sponsor}` a company, `{city}` the city.
        share: its share of the venues.
        shows_a_day: the average number of shows per venue and day.
        evenings: local starts from Monday to Friday with weights.
        weekends: the same for Saturday and Sunday.
        cities: the cities with weights, as text; None for all by their business.
    """

    name: str
    titles: tuple[str, ...]
    share: float
    shows_a_day: float
    evenings: Times
    weekends: Times
    cities: str | None = None

    @cached_property
    def places(self) -> dice.Weighted[City]:
        """Its cities."""
        if self.cities is None:
            cities, shares = zip(*business(), strict=True)
            return dice.Weighted(cities, shares)
        by_name = {f"{city.name} {city.state_code}": city for city in US_CITIES + CANADIAN_CITIES}
        pairs = [entry.rsplit(" ", 1) for entry in self.cities.split("|")]
        return dice.Weighted([by_name[name] for name, _ in pairs], [float(weight) for _, weight in pairs])

    @cached_property
    def _starts(self) -> tuple[dice.Weighted[int], dice.Weighted[int]]:
        weekdays, weekends = (
            dice.Weighted([_minute(clock) for clock, _ in times], [weight for _, weight in times])
            for times in (self.evenings, self.weekends)
        )
        return weekdays, weekends

    def start(self, roll: random.Random, weekday: int) -> int:
        """A local start in minutes, on a weekday from 0 (Monday) to 6."""
        return self._starts[weekday >= 5].pick(roll)

    def title(self, roll: random.Random, number: int) -> str:
        """The name of a venue, still with `{sponsor}` or `{city}`. `number` numbers the venues of a seed."""
        proper = person(roll)[1] if roll.random() < 0.35 else roll.choice(_NAMES)
        return self.titles[number % len(self.titles)].replace("{}", proper)


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


_EVENING: Times = (("19:00", 5), ("19:30", 8), ("20:00", 7), ("18:30", 1), ("14:00", 1), ("10:30", 1))
_MATINEES: Times = (("19:00", 3), ("19:30", 5), ("20:00", 5), ("14:00", 6), ("15:00", 3), ("13:00", 1), ("11:00", 2))

ARENA = House(
    "arena",
    ("{sponsor} Arena", "{} Arena", "{sponsor} Center", "{} Coliseum"),
    share=0.055,
    shows_a_day=0.12,
    evenings=(("19:00", 4), ("19:30", 6), ("20:00", 6), ("18:30", 1)),
    weekends=(("19:00", 4), ("19:30", 5), ("20:00", 6), ("13:00", 2), ("15:00", 1)),
)
STADIUM = House(
    "arena",
    ("{sponsor} Ballpark", "{} Stadium", "{sponsor} Stadium", "{} Field"),
    share=0.055,
    shows_a_day=0.04,
    evenings=(("19:00", 6), ("18:30", 2)),
    weekends=(("19:00", 4), ("18:00", 2), ("14:00", 1)),
)
TOURISM = House(
    "tourism",
    (
        "{} Museum of Natural Wonders",
        "{city} Wax Gallery",
        "{} Observation Deck",
        "The {} Aquarium",
        "{} Immersive Gallery",
        "{city} Museum of Illusions & Light",
        "{} Planetarium",
        "{} Science Center",
    ),
    share=0.0145,
    shows_a_day=3.5,
    evenings=(),
    weekends=(),
    cities=_TOURIST_CITIES,
)
LONG_RUN = House(
    "long run",
    ("{} Theatre", "The {} Playhouse", "{} Showroom", "{} Theatre"),
    share=0.026,
    shows_a_day=1.15,
    evenings=(("19:00", 4), ("19:30", 4), ("20:00", 5)),
    weekends=(("19:30", 2), ("20:00", 3)),
    cities=_LONG_RUN_CITIES,
)
STAGE = House(
    "stage",
    ("{} Theatre", "{} Performing Arts Center", "{} Opera House", "{} Playhouse", "{} Auditorium", "The {} Theatre"),
    share=0.345,
    shows_a_day=0.19,
    evenings=_EVENING,
    weekends=_MATINEES,
)
HALL = House(
    "hall",
    ("{} Music Hall", "{} Ballroom", "{sponsor} Amphitheater", "{} Concert Hall", "{sponsor} Pavilion", "The {}"),
    share=0.31,
    shows_a_day=0.16,
    evenings=(("19:00", 6), ("19:30", 5), ("20:00", 9), ("18:00", 1), ("18:30", 1), ("21:00", 2), ("22:00", 1)),
    weekends=(("19:00", 5), ("19:30", 4), ("20:00", 9), ("18:00", 1), ("21:00", 3)),
)
CLUB = House(
    "club",
    ("{} Comedy Club", "{} Lounge", "The {} Room", "{} Tavern", "Club {}", "{} Comedy Cellar"),
    share=0.22,
    shows_a_day=0.14,
    evenings=(("19:00", 4), ("19:30", 5), ("20:00", 8), ("21:00", 3), ("18:00", 1)),
    weekends=(("19:00", 5), ("19:30", 3), ("20:00", 5), ("21:00", 3), ("21:30", 2), ("22:00", 2), ("18:00", 1)),
)
GROUNDS = House(
    "grounds",
    ("{} Convention Center", "{} Fairgrounds", "{} Expo Hall", "{} Speedway"),
    share=0.065,
    shows_a_day=0.17,
    evenings=(("10:00", 2), ("12:00", 2), ("19:00", 4), ("18:00", 2)),
    weekends=(("09:00", 2), ("10:00", 5), ("11:00", 3), ("13:00", 3), ("14:00", 2), ("19:00", 3)),
)
CINEMA = House(
    "cinema",
    ("{} Cinema", "{} Film Center", "{} Drive-In"),
    share=0.02,
    shows_a_day=0.25,
    evenings=(("19:00", 5), ("19:30", 3), ("21:00", 1), ("17:00", 1)),
    weekends=(("19:00", 4), ("20:30", 2), ("14:00", 3), ("16:00", 1)),
)
HOUSES = (TOURISM, LONG_RUN, STAGE, HALL, CLUB, GROUNDS, CINEMA)
"""All but the arenas and stadiums, which also have teams."""

_FIRST_ADMISSION = 10 * 60
_BETWEEN_ADMISSIONS = 75
_BETWEEN_ROUNDS = 20
_LAST_ADMISSION = 18 * 60 + 30
_MATINEE = 14 * 60


def admission(venue: int, order: int) -> int:
    """The local minute of the day's `order`-th (from 0) admission to an attraction for tourists.

    On a busy day, more visitors are admitted between those of an ordinary day.
    """
    first = _FIRST_ADMISSION + venue % 3 * 30
    round_, place = divmod(max(order, 0), (_LAST_ADMISSION - first) // _BETWEEN_ADMISSIONS + 1)
    return first + place * _BETWEEN_ADMISSIONS + round_ * _BETWEEN_ROUNDS


def performance(house: House, roll: random.Random, weekday: int, order: int) -> int:
    """The local minute of the day's performance of a long run: the first is at night, a second one in the afternoon."""
    return house.start(roll, weekday) if order == 0 else _MATINEE + 30 * (order - 1)


def sponsored(title: str, roll: random.Random) -> str:
    """The name of a venue with today's sponsor."""
    return title.replace("{sponsor}", sponsor(roll))
