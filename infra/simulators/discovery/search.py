"""The entities that a query finds, and their order.

These parameters are accepted without effect, because nothing in the simulated world has them: `collectionId`,
`clientVisibility`, `domain`, `preSaleDateTime`, `publicVisibilityStartDateTime`, `includeLicensedContent`,
`includeSpellcheck`, `preferredCountry`.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from .entities import Attraction, Event, Venue
from .places import centre, distance, reach
from .query import Query, has_locale
from .taxonomy import Term
from .world import ClassificationElement, World

Entity = Event | Venue | Attraction | ClassificationElement
Found = TypeVar("Found", Event, Venue, Attraction, ClassificationElement)
Test = Callable[[Found], bool]

_FAR_FUTURE = 1 << 40
_LEVELS = {"segmentId": 0, "genreId": 1, "subGenreId": 2, "typeId": 3, "subTypeId": 4}


class Search:
    """Searches one world, and caches recent results, because the pages of a search repeat the same query."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._ordered = lru_cache(maxsize=24)(self._ordered_afresh)

    def find(self, query: Query, page: int) -> Sequence[Entity]:
        """All results of the query, in the requested order.

        Ties in `date` and `random` orders differ from page to page. Their order is undefined, and a client that pages
        through them loses events on the real API as well.
        """
        sort = query.sort() if query.endpoint != "suggest" else "relevance,desc"
        salt = page if sort.startswith(("date", "random")) else 0
        return self._ordered(query.endpoint, query.filters(), sort, salt)

    def _ordered_afresh(
        self, endpoint: str, filters: tuple[tuple[str, str], ...], sort: str, salt: int
    ) -> Sequence[Entity]:
        query = Query(endpoint, filters)
        if endpoint in {"events", "suggest"}:
            return order_events(self.events(query), sort, salt, query)
        if endpoint == "venues":
            return _order_named(_select(self.world.venues.values(), _common(query) + _venue_tests(query)), sort)
        if endpoint == "attractions":
            return _order_named(_select(self.world.attractions.values(), _common(query) + _term_tests(query)), sort)
        return _order_named(_select(self.world.classifications, _common(query)), sort)

    def events(self, query: Query) -> list[Event]:
        """The events that match the query, in no particular order."""
        start = query.instant("startDateTime")
        end = query.instant("endDateTime")
        dated = start is not None or end is not None
        candidates = self.world.starting(start, end) if dated else iter(self.world.events)
        return _select(candidates, _common(query) + _event_tests(query))


def _select(candidates: Iterable[Found], tests: list[Test[Found]]) -> list[Found]:
    return [candidate for candidate in candidates if all(test(candidate) for test in tests)]


def _common(query: Query) -> list[Test[Any]]:
    """Filters of all four searches."""
    locales = query.locales()
    test = query.choice("includeTest", "no")
    tests: list[Test[Any]] = []
    if "*" not in locales:
        tests.append(lambda entity: has_locale(entity.locale, locales))
    if test != "yes":
        tests.append(lambda entity: entity.test is (test == "only"))
    if ids := set(query.many("id")):
        tests.append(lambda entity: entity.id in ids)
    if sources := set(query.many("source")):
        tests.append(lambda entity: entity.source in sources)
    if words := _words(query.one("keyword") or ""):
        tests.append(lambda entity: words <= _words(entity.name))
    return tests


def _event_tests(query: Query) -> list[Test[Event]]:
    return _undated_tests(query) + _time_tests(query) + _place_tests(query) + _term_tests(query) + _other_tests(query)


def _undated_tests(query: Query) -> list[Test[Event]]:
    """TBA and TBD. Contrary to the documentation, the default is `no`; two `only` together find no event."""
    tests: list[Test[Event]] = []
    tba = query.choice("includeTBA", "no")
    tbd = query.choice("includeTBD", "no")
    if tba == "only":
        tests.append(lambda event: event.tba)
    if tbd == "only":
        tests.append(lambda event: event.tbd)
    if tba == "no" and tbd != "only":
        tests.append(lambda event: not event.tba)
    if tbd == "no" and tba != "only":
        tests.append(lambda event: not event.tbd)
    return tests


def _time_tests(query: Query) -> list[Test[Event]]:
    tests: list[Test[Event]] = []
    for name in ("localStartDateTime", "localStartEndDateTime", "startEndDateTime"):
        if bounds := query.many(name):
            # our events have no length to overlap with; a single date means that whole day
            low = bounds[0].rstrip("Z")
            high = bounds[-1].rstrip("Z") + ("T23:59:59" if len(bounds[-1]) == 10 else "")
            tests.append(_starts_locally(low, high))
    sale_start = query.instant("onsaleStartDateTime")
    sale_end = query.instant("onsaleEndDateTime")
    if sale_start is not None or sale_end is not None:
        # documented as "the public sale starts in the range"; really "is on sale during the range"
        low_at = sale_start or 0
        high_at = sale_end if sale_end is not None else _FAR_FUTURE
        tests.append(lambda event: bool(event.on_sale and event.on_sale[0] <= high_at and event.on_sale[1] >= low_at))
    for name, later in (("onsaleOnStartDate", False), ("onsaleOnAfterStartDate", True)):
        if day := query.one(name):
            start = Query("events", (("startDateTime", f"{day}T00:00:00Z"),)).instant("startDateTime") or 0
            end = _FAR_FUTURE if later else start + 86_399
            tests.append(_sale_starts(start, end))
    return tests


def _place_tests(query: Query) -> list[Test[Event]]:
    tests: list[Test[Event]] = []
    if country := query.one("countryCode"):
        tests.append(lambda event: event.indexed_country == country.upper())
    if ids := set(query.many("venueId")):
        tests.append(lambda event: not ids.isdisjoint(event.venue_ids))
    at_venue: list[Test[Venue]] = []
    if state := query.one("stateCode"):
        at_venue.append(lambda venue: venue.state_code == state.upper())
    if cities := {city.strip().lower() for city in query.many("city")}:
        at_venue.append(lambda venue: venue.city.strip().lower() in cities)
    if postal := query.one("postalCode"):
        at_venue.append(lambda venue: venue.postal_code == postal)
    if dmas := set(query.many("dmaId")):
        at_venue.append(lambda venue: any(str(dma) in dmas for dma in venue.dmas))
    if markets := set(query.many("marketId")):
        at_venue.append(lambda venue: not markets.isdisjoint(venue.markets))
    at_venue += _near_tests(query)
    if at_venue:
        tests.append(lambda event: event.venue is not None and all(test(event.venue) for test in at_venue))
    return tests


def _near_tests(query: Query) -> list[Test[Venue]]:
    point, (radius, earth) = centre(query), reach(query)
    if point is None:
        return []
    return [lambda venue: venue.position is not None and distance(point, venue.position, earth) <= radius]


def _term_tests(query: Query) -> list[Test[Any]]:
    """Classification filters, for events and attractions: `classificationId` and `-Name` match at any level."""
    tests: list[Test[Any]] = []
    if ids := set(query.many("classificationId")):
        tests.append(lambda entity: any(term.id in ids for term in entity.terms))
    if names := {name.lower() for name in query.many("classificationName")}:
        tests.append(lambda entity: any(term.name.lower() in names for term in entity.terms))
    if segments := {name.lower() for name in query.many("segmentName")}:
        tests.append(lambda entity: any(term.name.lower() in segments for term in _level(entity.terms, 0)))
    for name, level in _LEVELS.items():
        if term_ids := set(query.many(name)):
            tests.append(_has_term(level, term_ids))
    return tests


def _starts_locally(low: str, high: str) -> Test[Event]:
    return lambda event: low <= (event.local_start or "") <= high


def _sale_starts(low: int, high: int) -> Test[Event]:
    return lambda event: bool(event.on_sale and low <= event.on_sale[0] <= high)


def _has_term(level: int, term_ids: set[str]) -> Test[Any]:
    return lambda entity: any(term.id in term_ids for term in _level(entity.terms, level))


def _level(terms: tuple[Term, ...], level: int) -> tuple[Term, ...]:
    """The terms of one level: facets hold five a classification, from segment to subtype."""
    return terms[level::5]


def _other_tests(query: Query) -> list[Test[Event]]:
    tests: list[Test[Event]] = []
    if acts := set(query.many("attractionId")):
        tests.append(lambda event: not acts.isdisjoint(event.attraction_ids))
    if promoters := set(query.many("promoterId")):
        tests.append(lambda event: event.promoter_id in promoters)
    family = query.choice("includeFamily", "yes")
    if family != "yes":
        tests.append(lambda event: event.family is (family == "only"))
    return tests


def _venue_tests(query: Query) -> list[Test[Venue]]:
    tests = _near_tests(query)
    if country := query.one("countryCode"):
        tests.append(lambda venue: venue.indexed_country == country.upper())
    if state := query.one("stateCode"):
        tests.append(lambda venue: venue.state_code == state.upper())
    return tests


@lru_cache(maxsize=100_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _shuffle(salt: int, entity_id: str) -> int:
    """A number that orders ties and relevance pseudo-randomly but repeatably."""
    return zlib.crc32(f"{salt}/{entity_id}".encode())


def order_events(events: list[Event], sort: str, salt: int, query: Query) -> list[Event]:
    """Events in the requested order."""
    if sort == "id,asc":
        return sorted(events, key=lambda event: event.id)
    if sort == "random":
        return random.sample(events, len(events))
    by, way = sort.rsplit(",", 1)
    point, (_, earth) = centre(query), reach(query)

    def far(event: Event) -> float:
        place = event.venue.position if event.venue else None
        return distance(point, place, earth) if point and place else _FAR_FUTURE

    def start(event: Event) -> int:
        return _FAR_FUTURE if event.starts is None else event.starts

    keys: dict[str, Callable[[Event], object]] = {
        "name": lambda event: event.name,
        "date": start,
        "name,date": lambda event: (event.name, start(event)),
        "date,name": lambda event: (start(event), event.name),
        "distance": far,
        "distance,date": lambda event: (far(event), start(event)),
        "onSaleStartDate": lambda event: event.on_sale[0] if event.on_sale else _FAR_FUTURE,
        "venueName": lambda event: event.venue.name if event.venue else "",
        "relevance": lambda event: 0,
    }
    ties_broken = sorted(events, key=lambda event: _shuffle(salt, event.id))
    return sorted(ties_broken, key=keys[by], reverse=way == "desc")  # type: ignore[arg-type]


def _order_named(entities: Sequence[Found], sort: str) -> list[Found]:
    """Venues, attractions and classifications in the requested order."""
    by, way = sort.split(",")
    if by == "name":
        return sorted(entities, key=lambda entity: (entity.name, entity.id), reverse=way == "desc")
    return sorted(entities, key=lambda entity: _shuffle(0, entity.id))


def check_dates(query: Query) -> None:
    """Refuses malformed dates before any other check.

    Raises:
        ApiError: DIS1015.
    """
    for name in ("startDateTime", "endDateTime", "onsaleStartDateTime", "onsaleEndDateTime"):
        query.instant(name)
