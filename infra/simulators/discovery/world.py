"""One day's contents, ready to be searched: generated or recorded, the server cannot tell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from .entities import Attraction, Event, Venue
from .taxonomy import Term


@dataclass(frozen=True, slots=True, eq=False)
class ClassificationElement:
    """One element of `/classifications`: a segment or a type with its whole subtree."""

    id: str
    name: str
    body: bytes
    locale: str = "en-us"
    test: bool = False
    source: str = "ticketmaster"


@dataclass(frozen=True, slots=True)
class Bodies:
    """How to write out each kind of entity, lazily: only what a page shows is ever made into JSON."""

    event: Callable[[Event], bytes]
    venue: Callable[[Venue], bytes]
    attraction: Callable[[Attraction], bytes]


class World:
    """What the API knows on one day."""

    def __init__(
        self,
        day: date,
        events: Iterable[Event],
        venues: Iterable[Venue],
        attractions: Iterable[Attraction],
        classifications: Sequence[ClassificationElement],
        bodies: Bodies,
        levels: dict[str, dict[str, Term]] | None = None,
    ) -> None:
        self.day = day
        self.events = sorted(events, key=lambda event: event.id)
        self.venues = {venue.id: venue for venue in sorted(venues, key=lambda venue: venue.id)}
        self.attractions = {act.id: act for act in sorted(attractions, key=lambda act: act.id)}
        self.classifications = tuple(classifications)
        self.bodies = bodies
        self.levels = levels or {}
        self._by_id = {event.id: event for event in self.events}
        dated = sorted((event.starts, n) for n, event in enumerate(self.events) if event.starts is not None)
        self._starts = [start for start, _ in dated]
        self._dated = [self.events[n] for _, n in dated]

    def with_events(self, events: Iterable[Event], bodies: Bodies | None = None) -> World:
        """The same world with other events (and another way to write them out)."""
        venues, attractions = self.venues.values(), self.attractions.values()
        return World(self.day, events, venues, attractions, self.classifications, bodies or self.bodies, self.levels)

    def event(self, event_id: str) -> Event | None:
        """The event of that id (case sensitive), or None."""
        return self._by_id.get(event_id)

    def starting(self, first: int | None, last: int | None) -> Iterator[Event]:
        """Dated events whose start lies in [first, last], epoch seconds UTC, both inclusive; None is open."""
        low = 0 if first is None else bisect_left(self._starts, first)
        high = len(self._starts) if last is None else bisect_right(self._starts, last)
        yield from self._dated[low:high]
