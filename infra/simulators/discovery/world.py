"""The searchable contents of one day. The server treats generated and recorded worlds alike."""

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
    """Functions that create the JSON of each kind of entity, lazily: only for entities that a page shows."""

    event: Callable[[Event], bytes]
    venue: Callable[[Venue], bytes]
    attraction: Callable[[Attraction], bytes]


class World:
    """The contents of the API on one day."""

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
        """The same world with other events (and other functions for their JSON)."""
        venues = self.venues.values()
        attractions = self.attractions.values()
        return World(self.day, events, venues, attractions, self.classifications, bodies or self.bodies, self.levels)

    def event(self, event_id: str) -> Event | None:
        """The event with this id (case sensitive), or None."""
        return self._by_id.get(event_id)

    def starting(self, earliest: int | None, latest: int | None) -> Iterator[Event]:
        """Dated events that start in [earliest, latest], in epoch seconds UTC, both inclusive; None means no bound."""
        low = 0 if earliest is None else bisect_left(self._starts, earliest)
        high = len(self._starts) if latest is None else bisect_right(self._starts, latest)
        yield from self._dated[low:high]
