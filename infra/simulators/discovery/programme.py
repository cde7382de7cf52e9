"""The programme: the events that are ever announced, by local day (a cohort).

An event is a pure function of (seed, day, number), so any day's world can be generated without the days before it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from . import dice, wording
from .attractions import AttractionSpec, make_attractions
from .fates import HELD, Fate, fate_from
from .taxonomy import Classification, Taxonomy
from .venues import VenueSpec, make_archtics_venues, make_foreign_venues, make_venues

HORIZON_DAYS = 40  # no event is announced earlier than this before its day
_GALA_PERIOD_WEEKS = 4
GALA_MINUTE = 19 * 60
_WEEKDAYS = (0.55, 0.65, 0.85, 1.1, 1.45, 1.55, 0.85)
# Average share of a cohort that is announced when its day is 0..29 days away: see `_announced_days`.
_VISIBLE_SHARE = 0.905
_EXTRA_SHARE = 0.05  # events that a crawl of the US and Canada must not return: abroad, or test events
_MINUTES = dice.Weighted((1140, 1170, 1200, 1080, 1230, 1260, 840, 780, 600, 1320), (25, 22, 22, 6, 4, 6, 5, 3, 3, 4))
_SOURCES = dice.Weighted(
    ("ticketmaster", "tmr", "ticketweb", "universe", "frontgate", "moshtix", "veeps"), (78, 9, 6, 3, 2, 1, 1)
)
_PREFIXES = {"tmr": "Z7r9", "ticketweb": "Za9", "universe": "7", "frontgate": "k7v", "moshtix": "rZ7", "veeps": "Z69"}
_HOST_PREFIXES = ("vvG1", "G5di", "1Ad0", "vv17", "17G8", "rZ7H")
_NON_SHOWS = (
    "Travel Packages - {}",
    "Parking - {}",
    "Suites: {}",
    "Season Pass - {}",
    "Ride and Dine with {}",
    "General Admission (NO ENTRY) {}",
)


@dataclass(slots=True, eq=False)
class EventSpec:
    """The constant attributes of an event. `planned` is the announced local day, `minute` its local start.

    The last `linked_only` attractions, and the venue if `links_venue_only`, are in `_links` but not embedded. `show` is
    the same for all listings of a show; None for an event that is not a show.
    """

    key: int
    id: str
    source: str
    name: str
    country: str
    zone: str
    planned: date
    minute: int | None
    announced_days: int
    venue: VenueSpec | None = None
    links_venue_only: bool = False
    attractions: tuple[AttractionSpec, ...] = ()
    linked_only: int = 0
    classifications: tuple[Classification, ...] = ()
    locale: str = "en-us"
    test: bool = False
    fate: Fate = HELD
    show: str | None = None


class Programme:
    """All events of a seed. `events` is the approximate result of a 30-day crawl of the US and Canada."""

    def __init__(self, seed: int, events: int, busiest_second: int | None) -> None:
        self.seed = seed
        self.taxonomy = Taxonomy()
        self.busiest_second = max(1, events // 40) if busiest_second is None else busiest_second
        # the gala is in addition to the regular programme, about once in a window
        self._daily = max(0.0, events - self.busiest_second) / 30 / _VISIBLE_SHARE
        self.venues = make_venues(seed, max(40, events // 6))
        self.arenas = self.venues[: min(60, len(self.venues) // 2)]
        self.abroad = make_foreign_venues(seed, len(self.venues), max(4, events // 200))
        first_index = len(self.venues) + len(self.abroad)
        self.archtics = make_archtics_venues(seed, first_index, [arena for arena in self.arenas if arena.kind != "*"])
        self.attractions = make_attractions(seed, max(60, events // 4), self.arenas, self.taxonomy)
        teams = 2 * len(self.arenas)
        self._performers = dice.Weighted(
            self.attractions[teams:], [1 / (n + 40) for n in range(len(self.attractions) - teams)]
        )
        self._houses = dice.Weighted(self.venues, [venue.city.weight / (n + 60) for n, venue in enumerate(self.venues)])
        eastern = [venue for venue in self.venues if venue.city.zone in {"America/New_York", "America/Toronto"}]
        self._eastern = dice.Weighted(eastern, [1.0] * len(eastern))
        self.cohort = lru_cache(maxsize=HORIZON_DAYS + 60)(self._cohort)
        self.late = lru_cache(maxsize=HORIZON_DAYS + 60)(self._late)

    def gala(self, day: date) -> int:
        """Number of extra events that start at the same second (19:00 Eastern) on that day: one Saturday in four."""
        week, weekday = divmod(day.toordinal() - 1, 7)
        return (
            self.busiest_second if weekday == 5 and week % _GALA_PERIOD_WEEKS == self.seed % _GALA_PERIOD_WEEKS else 0
        )

    def size(self, day: date) -> int:
        """Number of events ever announced for the US and Canada on that day."""
        exact = self._daily * _WEEKDAYS[day.weekday()] + self.gala(day)
        return int(exact + dice.number(self.seed, "size", day.toordinal()) % 1000 / 1000)

    def _cohort(self, day: date) -> tuple[EventSpec, ...]:
        """All events ever announced for that local day, including those abroad."""
        size = self.size(day)
        extras = int(size * _EXTRA_SHARE + dice.number(self.seed, "extras", day.toordinal()) % 1000 / 1000)
        return tuple(self._event(day, n) for n in range(size)) + tuple(self._extra(day, n) for n in range(extras))

    def _late(self, day: date) -> tuple[EventSpec, ...]:
        """The events of a cohort that may be listed after their day, generated without the others."""
        numbers = (n for n in range(self.size(day)) if self._fate(day, n).outlives_its_day)
        return tuple(self._event(day, n) for n in numbers)

    def _fate(self, day: date, n: int) -> Fate:
        return fate_from(dice.number(self.seed, "fate", day.toordinal(), n))

    def _event(self, day: date, n: int) -> EventSpec:
        roll = dice.chance(self.seed, "event", day.toordinal(), n)
        if n < self.gala(day):
            spec = self._show(roll, day, n, self._eastern.pick(roll), GALA_MINUTE)
            spec.announced_days = HORIZON_DAYS
            return spec
        place = n + dice.number(self.seed, "offset", day.toordinal()) % 100
        block, slot = divmod(place, 100)
        if slot in {0, 50} or 1 <= slot <= 6 or slot == 51:
            spec = self._game(roll, day, n, block * 2 + slot // 50, archtics=slot not in {0, 50})
        elif slot in {25, 75}:
            spec = self._non_show(roll, day, n)
        else:
            spec = self._show(roll, day, n, self._houses.pick(roll), _MINUTES.pick(roll))
        spec.fate = self._fate(day, n) if spec.source != "archtics" else HELD
        if spec.fate.kind.startswith("date later"):
            spec.announced_days = HORIZON_DAYS
        return spec

    def _show(self, roll: random.Random, day: date, n: int, venue: VenueSpec, minute: int) -> EventSpec:
        source = _SOURCES.pick(roll)
        acts = self._acts(roll)
        spec = self._spec(roll, day, n, source, venue, minute)
        spec.attractions = acts
        spec.name = _show_name(roll, acts) if acts else wording.play(roll)
        spec.classifications = self._classify(roll, acts)
        spec.show = spec.id
        self._roughen(roll, spec)
        return spec

    def _acts(self, roll: random.Random) -> tuple[AttractionSpec, ...]:
        lot = roll.random()
        count = 0 if lot < 0.12 else 1 if lot < 0.72 else 2 if lot < 0.9 else 3 if lot < 0.97 else roll.randint(4, 7)
        return tuple(dict.fromkeys(self._performers.pick(roll) for _ in range(count)))

    def _classify(self, roll: random.Random, acts: tuple[AttractionSpec, ...]) -> tuple[Classification, ...]:
        if roll.random() < 0.008:
            return ()
        headliner = acts[0] if acts else self._performers.pick(roll)
        paths = [headliner.classification]
        if roll.random() < 0.1:
            extra = 7 if roll.random() < 0.05 else roll.randint(1, 2)
            paths += [self._performers.pick(roll).classification for _ in range(extra)]
        return tuple(dict.fromkeys(paths))

    def _roughen(self, roll: random.Random, spec: EventSpec) -> None:
        """Removes fields that real events lack. Always draws all numbers, so that no quirk shifts another."""
        venue_lot, act_lot, time_lot, name_lot, language_lot = (roll.random() for _ in range(5))
        if venue_lot < 0.006:
            spec.venue = None
        elif venue_lot < 0.014:
            spec.links_venue_only = True
        if spec.attractions and act_lot < 0.015:
            spec.linked_only = 1 if act_lot < 0.01 else len(spec.attractions)
        if time_lot < 0.03 and spec.minute != GALA_MINUTE:
            spec.minute = None
        if name_lot < 0.0006:
            spec.name = ""
        if spec.venue and spec.venue.city.state_code == "QC" and language_lot < 0.25:
            spec.locale = "fr-ca"
            spec.name = f"{spec.name} en spectacle"
        elif spec.country == "CA" and language_lot < 0.05:
            spec.locale = "en-ca"

    def _game(self, roll: random.Random, day: date, n: int, number: int, archtics: bool) -> EventSpec:
        shared = dice.chance(self.seed, "game", day.toordinal(), number)  # the game and its duplicates agree
        arena = shared.choice(self.arenas)
        side = shared.randrange(2)
        home = self.attractions[2 * arena.index + side]
        away = self.attractions[2 * shared.choice(self.arenas).index + side]
        minute = shared.choice((1140, 1170, 1200))
        venue = roll.choice(self.archtics[arena.index]) if archtics and arena.index in self.archtics else arena
        spec = self._spec(roll, day, n, "archtics" if archtics else "ticketmaster", venue, minute)
        if venue is arena:  # elsewhere archtics lists suites, parking and premium seats
            spec.show = f"{home.base_name} vs. {away.base_name} {arena.id} {day} {minute}"
        if archtics:
            spec.name = roll.choice((f"{home.base_name} vs {away.base_name}", f"{home.base_name}: {venue.kind}"))
            spec.announced_days = HORIZON_DAYS
            return spec
        spec.name = f"{home.base_name} vs. {away.base_name}"
        spec.attractions = tuple(dict.fromkeys((home, away)))
        spec.classifications = (home.classification,)
        self._roughen(roll, spec)
        return spec

    def _non_show(self, roll: random.Random, day: date, n: int) -> EventSpec:
        venue = self._houses.pick(roll)
        act = self._performers.pick(roll)
        spec = self._spec(roll, day, n, "ticketmaster", venue, roll.choice((0, 600, 1439)))
        kind = roll.randrange(len(_NON_SHOWS))
        spec.name = _NON_SHOWS[kind].format(act.base_name)
        spec.attractions = (act,) if kind != 5 else ()
        upsell = ("Parking", "Regular") if kind == 1 else ("Upsell", "Hotel Package") if kind == 0 else None
        spec.classifications = (
            self.taxonomy.path("Miscellaneous", "Undefined", *(upsell or ("Undefined", "Undefined"))),
        )
        return spec

    def _extra(self, day: date, n: int) -> EventSpec:
        roll = dice.chance(self.seed, "extra", day.toordinal(), n)
        test = roll.random() < 0.1
        venue = self._houses.pick(roll) if test else roll.choice(self.abroad)
        spec = self._spec(roll, day, 1_000_000 + n, "ticketmaster" if test else "mfx", venue, _MINUTES.pick(roll))
        spec.attractions = (self._performers.pick(roll),)
        spec.show = None if test else spec.id
        spec.classifications = (spec.attractions[0].classification,)
        spec.name = f"TEST EVENT {n}" if test else spec.attractions[0].base_name
        spec.test = test
        return spec

    def _spec(
        self, roll: random.Random, day: date, n: int, source: str, venue: VenueSpec, minute: int | None
    ) -> EventSpec:
        return EventSpec(
            key=dice.number(self.seed, "key", day.toordinal(), n),
            id=self._id(roll, day, n, source),
            source=source,
            name="",
            country=venue.city.country_code,
            zone=venue.city.zone,
            planned=day,
            minute=minute,
            announced_days=_announced_days(roll),
            venue=venue,
        )

    def _id(self, roll: random.Random, day: date, n: int, source: str) -> str:
        if source == "archtics":
            return dice.identifier("Za5", roll.choice((33, 34)), self.seed, "event", day.toordinal(), n)
        prefix = _PREFIXES.get(source) or roll.choice(_HOST_PREFIXES)
        return dice.identifier(prefix, roll.randint(13, 21), self.seed, "event", day.toordinal(), n)


def _announced_days(roll: random.Random) -> int:
    """Most events are known before they enter a 30-day window; one in five appears inside it."""
    return roll.randint(31, HORIZON_DAYS) if roll.random() < 0.8 else roll.randint(2, 30)


def _show_name(roll: random.Random, acts: tuple[AttractionSpec, ...]) -> str:
    head = acts[0].base_name
    if len(acts) > 1 and roll.random() < 0.6:
        return f"{head} with {acts[1].base_name}"
    return f"{head}: {wording.tour(roll)}" if roll.random() < 0.35 else head
