"""What a complete crawl must find: computed by looking at every event, without any of the search's machinery."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from infra.simulators.discovery.world import World


@dataclass(frozen=True, slots=True)
class Expected:
    """Ids that a complete crawl finds: events by how they are found, and everything that those refer to.

    `shows` tells the shows that those events are listings of: a show that is listed several times is there once.
    """

    dated: frozenset[str]
    tba: frozenset[str]
    tbd: frozenset[str]
    venues: frozenset[str]
    attractions: frozenset[str]
    shows: frozenset[str]

    @property
    def events(self) -> frozenset[str]:
        """All events."""
        return self.dated | self.tba | self.tbd


def expected(world: World, countries: Collection[str], start: datetime, end: datetime) -> Expected:
    """The events of `countries` that start in [start, end) or have no date yet; in every locale, without tests.

    Args:
        world: the day's world.
        countries: ISO-2 codes, as sent in `countryCode`.
        start: first instant, time zone aware.
        end: first instant after the window, time zone aware.
    """
    first, after = start.timestamp(), end.timestamp()
    dated: set[str] = set()
    tba: set[str] = set()
    tbd: set[str] = set()
    venues: set[str] = set()
    attractions: set[str] = set()
    shows: set[str] = set()
    for event in world.events:
        if event.test or event.indexed_country not in countries:
            continue
        if event.starts is None and not event.tba and not event.tbd:
            continue
        if event.starts is not None and not first <= event.starts < after:
            continue
        (tba if event.tba else tbd if event.tbd else dated).add(event.id)
        venues.update(event.venue_ids)
        attractions.update(event.attraction_ids)
        if event.show is not None:
            shows.add(event.show)
    return Expected(*map(frozenset, (dated, tba, tbd, venues, attractions, shows)))
