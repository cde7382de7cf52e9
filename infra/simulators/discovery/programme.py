"""The programme: the events that are ever announced, by local day (a cohort).

An event is a pure function of (seed, day, number), so any day's world can be generated without the days before it.
"""

from __future__ import annotations

import random
from bisect import bisect
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from . import dice, titles
from .attractions import AttractionSpec, make_attractions
from .fates import HELD, Fate, fate_from
from .games import Game, Games
from .houses import ARENA, LONG_RUN, STADIUM, TOURISM
from .siting import arena_count, make_venues
from .stages import Slot, Stages
from .taxonomy import Classification, Taxonomy
from .venues import VenueSpec, make_archtics_venues, make_foreign_venues

HORIZON_DAYS = 40  # no event is announced earlier than this before its day
_GALA_PERIOD_WEEKS = 4
GALA_MINUTE = 19 * 60
_WEEKDAYS = (0.42, 0.52, 0.70, 0.97, 1.56, 1.78, 1.05)
# Average share of a cohort that is announced when its day is 0..29 days away: see `_announced_days`.
_VISIBLE_SHARE = 0.905
_EXTRA_SHARE = 0.05  # events that a crawl of the US and Canada must not return: abroad, or test events
_GAMES = (0, 9, 18, 27, 36, 45, 50, 59, 68, 77, 86, 95)
"""Of a hundred events, those that are games. Those at 0 and 50 have duplicates by archtics in the next slots."""
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
        self.arenas = self.venues[: arena_count(len(self.venues))]
        self.abroad = make_foreign_venues(seed, len(self.venues), max(4, events // 200))
        first_index = len(self.venues) + len(self.abroad)
        self.archtics = make_archtics_venues(seed, first_index, [arena for arena in self.arenas if arena.title != "*"])
        residences = [v for v in self.venues if v.house in {TOURISM, LONG_RUN} and v.twin_of is None]
        self.attractions = make_attractions(seed, max(60, events // 4), self.arenas, residences, self.taxonomy)
        self._games = Games(seed, self.arenas, self.attractions)
        self._stages = Stages(seed, self.venues, self.attractions, len(self.arenas), residences)
        eastern = (v for v in self.venues if v.city.zone in {"America/New_York", "America/Toronto"})
        self._gala = [v for v in eastern if v.house not in {TOURISM, LONG_RUN, ARENA, STADIUM}]
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
        gala = self.gala(day)
        if n < gala:
            venue = self._gala[(n * 7919 + day.toordinal()) % len(self._gala)]
            spec = self._show(roll, day, n, self._stages.slot_at(venue, day, -1 - n, GALA_MINUTE))
            spec.announced_days = HORIZON_DAYS
            return spec
        offset = dice.number(self.seed, "offset", day.toordinal()) % 100
        block, slot = divmod(n + offset, 100)
        if slot in _GAMES or 1 <= slot <= 6 or slot == 51:
            archtics = slot not in _GAMES
            game = (
                block * len(_GAMES) + _GAMES.index(slot // 50 * 50 if archtics else slot) - bisect(_GAMES, offset - 1)
            )
            spec = self._game(roll, day, n, self._games.game(day, game), archtics)
        elif slot in {25, 75}:
            spec = self._non_show(roll, day, n)
        else:
            spec = self._show(roll, day, n, self._stages.slot(roll, day, n - gala, self.size(day) - gala))
        spec.fate = self._fate(day, n) if spec.source != "archtics" else HELD
        if _is_resident(spec) and spec.fate.kind in {"rescheduled", "retimed"}:
            spec.fate = HELD  # another of its shows is at that time
        if spec.fate.kind.startswith("date later"):
            spec.announced_days = HORIZON_DAYS
        return spec

    def _show(self, roll: random.Random, day: date, n: int, slot: Slot) -> EventSpec:
        source = _SOURCES.pick(roll)
        acts = self._acts(roll, slot)
        spec = self._spec(roll, day, n, source, slot.venue, slot.minute)
        spec.attractions = acts
        spec.name = _show_name(roll, acts) if acts else _unbilled(roll, slot.act)
        spec.classifications = self._classify(roll, slot)
        spec.show = spec.id
        self._roughen(roll, spec)
        return spec

    def _acts(self, roll: random.Random, slot: Slot) -> tuple[AttractionSpec, ...]:
        """The acts of a show: its own, and for a concert or comedy often others of the same house."""
        lot = roll.random()
        kind = slot.act.kind
        if lot < 0.12 and not slot.act.resident:
            return ()
        if lot < 0.55 or kind is None or not kind.supported or slot.act.resident:
            return (slot.act,)
        count = 1 if lot < 0.88 else 2 if lot < 0.96 else roll.randint(3, 6)
        return tuple(dict.fromkeys((slot.act, *self._stages.support(roll, slot.act, count))))

    def _classify(self, roll: random.Random, slot: Slot) -> tuple[Classification, ...]:
        if roll.random() < 0.008:
            return ()
        paths = [slot.act.classification]
        if roll.random() < 0.1:
            extra = 7 if roll.random() < 0.05 else roll.randint(1, 2)
            paths += [act.classification for act in self._stages.support(roll, slot.act, extra)]
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
        if time_lot < 0.03 and spec.minute != GALA_MINUTE and not _is_resident(spec):
            spec.minute = None
        if name_lot < 0.0006:
            spec.name = ""
        if spec.venue and spec.venue.city.state_code == "QC" and language_lot < 0.25:
            spec.locale = "fr-ca"
            spec.name = f"{spec.name} en spectacle"
        elif spec.country == "CA" and language_lot < 0.05:
            spec.locale = "en-ca"

    def _game(self, roll: random.Random, day: date, n: int, game: Game, archtics: bool) -> EventSpec:
        """A game, or one of its duplicates by archtics."""
        arena, home, away = game.arena, game.home.base_name, game.away.base_name
        venue = roll.choice(self.archtics[arena.index]) if archtics and arena.index in self.archtics else arena
        spec = self._spec(roll, day, n, "archtics" if archtics else "ticketmaster", venue, game.minute)
        if venue is arena:  # elsewhere archtics lists suites, parking and premium seats
            spec.show = f"{home} vs. {away} {arena.id} {day} {game.minute}"
        if archtics:
            spec.name = roll.choice((f"{home} vs {away}", f"{home}: {venue.part or 'Home Game'}"))
            spec.announced_days = HORIZON_DAYS
            return spec
        spec.name = f"{home} vs. {away}"
        spec.attractions = (game.home, game.away)
        spec.classifications = (game.home.classification,)
        self._roughen(roll, spec)
        return spec

    def _non_show(self, roll: random.Random, day: date, n: int) -> EventSpec:
        slot = self._stages.slot(roll, day, n, self.size(day))
        act = slot.act
        spec = self._spec(roll, day, n, "ticketmaster", slot.venue, roll.choice((0, 600, 1439)))
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
        if test:
            slot = self._stages.slot(roll, day, n, self.size(day))
        else:
            slot = self._stages.slot_at(roll.choice(self.abroad), day, n, 1200)
        spec = self._spec(
            roll,
            day,
            1_000_000 + n,
            "ticketmaster" if test else "mfx",
            slot.venue,
            slot.venue.house.start(roll, day.weekday()),
        )
        spec.attractions = (slot.act,)
        spec.show = None if test else spec.id
        spec.classifications = (slot.act.classification,)
        spec.name = f"TEST EVENT {n}" if test else slot.act.base_name
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


def _is_resident(spec: EventSpec) -> bool:
    return spec.venue is not None and spec.venue.house in {TOURISM, LONG_RUN}


def _show_name(roll: random.Random, acts: tuple[AttractionSpec, ...]) -> str:
    head = acts[0]
    if len(acts) > 1 and roll.random() < 0.6:
        return f"{head.base_name} with {acts[1].base_name}"
    if head.kind is not None and head.kind.touring and roll.random() < 0.35:
        return f"{head.base_name}: {titles.title(roll, 'tour')}"
    return head.base_name


def _unbilled(roll: random.Random, act: AttractionSpec) -> str:
    """The name of a show whose act the API does not know."""
    kind = act.kind
    if kind is None or kind.unbilled is None:
        return act.base_name
    return roll.choice(kind.unbilled)
