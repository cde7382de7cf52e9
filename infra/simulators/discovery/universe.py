"""A generated world of events that changes from day to day. Each day can be reproduced from the seed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from . import dice
from .attractions import AttractionSpec
from .bodies import GeneratedEvent, epoch, event_body, promoter_of, sale_period
from .entities import Attraction, Event, Venue
from .fates import POSTPONED_LINGERS_DAYS, standing
from .programme import HORIZON_DAYS, EventSpec, Programme
from .taxonomy import Classification, Term
from .venues import VenueSpec
from .world import Bodies, ClassificationElement, World

Upcoming = dict[str, dict[str, int]]

_CACHED_BODIES = 6000  # about 20 MB: the popular venues and attractions, which most events of a page share


class Source(Protocol):
    """Anything that has a world for each day: the generated universe, or a set of recorded responses."""

    def on(self, day: date) -> World:
        """The world on that day (UTC)."""
        ...


class Universe:
    """A universe from a seed.

    Args:
        seed: the same seed (and sizes) gives the same universe on any machine.
        events: the approximate number of events, including undated ones, in a complete crawl of the US and Canada for
            the next 30 days; accurate to a tenth, because real weeks differ.
        busiest_second: how many events start at the same second on the busiest evening of every four weeks (in addition
            to regular ones); by default one in forty of `events`.
    """

    def __init__(self, seed: int = 1, events: int = 10_000, busiest_second: int | None = None) -> None:
        if events < 1:
            raise ValueError(f"events must be positive, not {events}")
        self.seed = seed
        self.programme = Programme(seed, events, busiest_second)
        terms = self.programme.taxonomy
        self._classifications = [ClassificationElement(top.id, top.name, body) for top, body in terms.bodies()]
        self._levels = {
            level: {term.id: term for term in terms.terms(level)}
            for level in ("segments", "genres", "subgenres", "types", "subtypes")
        }
        self._venues = [
            *self.programme.venues,
            *self.programme.abroad,
            *(venue for group in self.programme.archtics.values() for venue in group),
        ]
        self.on = lru_cache(maxsize=3)(self._on)

    def _on(self, day: date) -> World:
        """The world on that day (UTC): events that are announced and not past, with all names as of that day."""
        venues = {spec.index: spec.facets(day) for spec in self._venues}
        events = [self._facets(spec, day, venues) for spec in self._announced(day)]
        listed = [event for event in events if event is not None]
        return World(
            day,
            listed,
            venues.values(),
            [spec.facets(day) for spec in self.programme.attractions],
            self._classifications,
            self._bodies(day, listed),
            self._levels,
        )

    def _announced(self, day: date) -> Iterator[EventSpec]:
        """All events that are announced by that day and whose planned day is near enough that they may be listed."""
        for back in range(POSTPONED_LINGERS_DAYS, 1, -1):
            yield from self.programme.late(day - timedelta(days=back))
        for ahead in range(-1, HORIZON_DAYS + 1):
            for spec in self.programme.cohort(day + timedelta(days=ahead)):
                if spec.announced_days >= ahead:
                    yield spec
        yield from self._placeholders(day)

    def _placeholders(self, day: date) -> Iterator[EventSpec]:
        """Season passes of the season-ticket system, with the turn of the year as a placeholder date."""
        eve = date(day.year - 1, 12, 31)
        for group in self.programme.archtics.values():
            venue = group[0]
            spec_id = dice.identifier("Za5", 33, self.seed, "season", eve.year, venue.index)
            yield EventSpec(
                key=dice.number(self.seed, "season key", eve.year, venue.index),
                id=spec_id,
                source="archtics",
                name=f"{eve.year + 1} Season Pass {venue.name_on(eve)}",
                country=venue.city.country_code,
                zone=venue.city.zone,
                planned=eve,
                minute=720,
                announced_days=HORIZON_DAYS,
                venue=venue,
            )

    def _facets(self, spec: EventSpec, day: date, venues: dict[int, Venue]) -> GeneratedEvent | None:
        current = standing(spec.fate, spec.planned, spec.minute, day)
        starts = None if current.day is None else epoch(current.day, current.minute, spec.zone)
        season_pass = spec.planned.year < day.year and spec.source == "archtics"
        if starts is not None and starts < epoch(day, 0, "UTC") and not season_pass:
            return None
        clock = "00:00" if current.minute is None else f"{current.minute // 60:02d}:{current.minute % 60:02d}"
        return GeneratedEvent(
            id=spec.id,
            name=spec.name,
            starts=starts,
            local_start=None if current.day is None else f"{current.day.isoformat()}T{clock}:00",
            tba=current.tba,
            tbd=current.tbd,
            on_sale=None if spec.source == "archtics" else sale_period(spec),
            venue=venues[spec.venue.index] if spec.venue else None,
            venue_ids=(spec.venue.id,) if spec.venue else (),
            attraction_ids=tuple(act.id for act in spec.attractions),
            terms=_terms(spec.classifications),
            indexed_country=spec.country,
            promoter_id=promoter_of(spec),
            locale=spec.locale,
            test=spec.test,
            source=spec.source,
            family=any(path.family for path in spec.classifications),
            show=spec.show,
            spec=spec,
            standing=current,
        )

    def _bodies(self, day: date, events: list[GeneratedEvent]) -> Bodies:
        counts = _upcoming(events)
        by_venue = {spec.id: spec for spec in self._venues}
        by_attraction = {spec.id: spec for spec in self.programme.attractions}

        @lru_cache(maxsize=_CACHED_BODIES)
        def venue_body(spec: VenueSpec) -> bytes:
            return spec.body(day, counts.get(spec.id, {}))

        @lru_cache(maxsize=_CACHED_BODIES)
        def attraction_body(spec: AttractionSpec) -> bytes:
            return spec.body(day, counts.get(spec.id, {}))

        def body_of_event(event: Event) -> bytes:
            if not isinstance(event, GeneratedEvent):
                raise TypeError(f"event {event.id} is not of this universe")
            return event_body(event, day, venue_body, attraction_body)

        def body_of_venue(venue: Venue) -> bytes:
            return venue_body(by_venue[venue.id])

        def body_of_attraction(attraction: Attraction) -> bytes:
            return attraction_body(by_attraction[attraction.id])

        return Bodies(body_of_event, body_of_venue, body_of_attraction)


@lru_cache(maxsize=20_000)
def _terms(paths: tuple[Classification, ...]) -> tuple[Term, ...]:
    return tuple(term for path in paths for term in path.terms())


def _upcoming(events: list[GeneratedEvent]) -> Upcoming:
    """Numbers of events by venue or attraction id, and source."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for event in events:
        for owner in event.venue_ids + event.attraction_ids:
            counts[owner][event.source] += 1
    return {owner: dict(sources) for owner, sources in counts.items()}
