"""The expected result of a complete crawl, computed from all events without using the search."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from .world import World


@dataclass(frozen=True, slots=True)
class Expected:
    """Ids that a complete crawl finds: events by type of date, and everything that they refer to.

    `listings` maps an event to its show, for events that are listings; a show may have several.
    """

    dated: frozenset[str]
    tba: frozenset[str]
    tbd: frozenset[str]
    venues: frozenset[str]
    attractions: frozenset[str]
    listings: Mapping[str, str]

    @property
    def shows(self) -> frozenset[str]:
        """The shows of the listings, without repetitions."""
        return frozenset(self.listings.values())

    @property
    def events(self) -> frozenset[str]:
        """All events."""
        return self.dated | self.tba | self.tbd


def expected(world: World, countries: Collection[str], start: datetime, end: datetime) -> Expected:
    """The events of `countries` that start in [start, end) or have no date yet, in every locale, without test events.

    Args:
        world: the day's world.
        countries: ISO-2 codes, as sent in `countryCode`.
        start: first instant, time zone aware.
        end: first instant after the window, time zone aware.
    """
    start_second = start.timestamp()
    end_second = end.timestamp()
    dated: set[str] = set()
    tba: set[str] = set()
    tbd: set[str] = set()
    venues: set[str] = set()
    attractions: set[str] = set()
    listings: dict[str, str] = {}
    for event in world.events:
        if event.test or event.indexed_country not in countries:
            continue
        if event.starts is None and not event.tba and not event.tbd:
            continue
        if event.starts is not None and not start_second <= event.starts < end_second:
            continue
        (tba if event.tba else tbd if event.tbd else dated).add(event.id)
        venues.update(event.venue_ids)
        attractions.update(event.attraction_ids)
        if event.show is not None:
            listings[event.id] = event.show
    return Expected(
        frozenset(dated), frozenset(tba), frozenset(tbd), frozenset(venues), frozenset(attractions), listings
    )
