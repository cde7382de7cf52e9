"""A world made of raw records: recorded API pages or JSON Lines, served unchanged through the same search."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .entities import Attraction, Event, Venue
from .taxonomy import Taxonomy, Term
from .world import Bodies, ClassificationElement, World

Record = Mapping[str, Any]

_COLLECTIONS = ("events", "venues", "attractions", "classifications")
_LEVELS = ("segment", "genre", "subGenre", "type", "subType")


class RecordedResponses:
    """Serves the given records on every day. A later record replaces an earlier one with the same id.

    Records may be malformed (wrong types, no id): they are searchable as far as possible, and returned unchanged.
    Venues and attractions are those embedded in the events, and those given as separate records.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self._events: dict[str, Record] = {}
        self._venues: dict[str, Record] = {}
        self._attractions: dict[str, Record] = {}
        self._classifications: dict[str, Record] = {}
        for number, record in enumerate(records):
            self._take(record, number)
        self.on = lru_cache(maxsize=2)(self._on)

    @classmethod
    def from_files(cls, paths: Iterable[Path]) -> RecordedResponses:
        """Reads API pages, single entities, JSON arrays or JSON Lines.

        Raises:
            ValueError: a file (or a line of it) is not JSON. The message names it.
        """
        return cls(record for path in paths for record in _read(path))

    def _take(self, record: Record, number: int) -> None:
        embedded = _mapping(record.get("_embedded"))
        name = str(record.get("id", f"~{number}"))  # a record without id is still served
        if record.get("type") == "venue":
            self._venues[name] = record
        elif record.get("type") == "attraction":
            self._attractions[name] = record
        elif "segment" in record or isinstance(record.get("type"), dict):
            term = _mapping(record.get("segment") or record.get("type"))
            self._classifications[str(term.get("id", f"~{number}"))] = record
        else:
            self._events[name] = record
            for kind, stored_entities in (("venues", self._venues), ("attractions", self._attractions)):
                stored_entities.update(
                    {str(entity["id"]): entity for entity in _mappings(embedded.get(kind)) if "id" in entity}
                )

    def _on(self, day: date) -> World:
        venues = {name: _venue(name, raw) for name, raw in self._venues.items()}
        raw: dict[object, Record] = {venue: self._venues[name] for name, venue in venues.items()}
        events = [_event(name, record, venues) for name, record in self._events.items()]
        raw |= {event: self._events[event.id] for event in events}
        attractions = [_attraction(name, record) for name, record in self._attractions.items()]
        raw |= {act: self._attractions[act.id] for act in attractions}

        def body(entity: object) -> bytes:
            return _bytes(raw[entity])

        elements = [_element(name, record) for name, record in self._classifications.items()] or _default_elements()
        return World(day, events, venues.values(), attractions, elements, Bodies(body, body, body))


def _read(path: Path) -> Iterator[Record]:
    text = path.read_text(encoding="utf-8")
    try:
        yield from _records(json.loads(text))
        return
    except json.JSONDecodeError as problem:
        if "\n" not in text.strip():
            raise ValueError(f"{path} is not JSON: {problem}") from problem
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield from _records(json.loads(line))
            except json.JSONDecodeError as problem:
                raise ValueError(f"{path} line {number} is not JSON: {problem}") from problem


def _records(document: object) -> Iterator[Record]:
    if isinstance(document, list):
        for part in document:
            yield from _records(part)
    elif isinstance(document, dict):
        if "response" in document and "id" not in document:  # a recorder's envelope around the API's answer
            yield from _records(document["response"])
            return
        embedded = _mapping(document.get("_embedded"))
        pages = [embedded[name] for name in _COLLECTIONS if name in embedded]
        if "page" in document or ("id" not in document and pages):
            for page in pages:
                yield from _mappings(page)
        else:
            yield document


def _event(name: str, raw: Record, venues: Mapping[str, Venue]) -> Event:
    embedded = _mapping(raw.get("_embedded"))
    dates = _mapping(raw.get("dates"))
    start = _mapping(dates.get("start"))
    venue_ids = _ids(raw, embedded, "venues")
    venue = next((venues[venue_id] for venue_id in venue_ids if venue_id in venues), None)
    starts = _starts(start, dates.get("timezone") or (venue.zone if venue else None))
    public = _mapping(_mapping(raw.get("sales")).get("public"))
    sale = _instant(public.get("startDateTime")), _instant(public.get("endDateTime"))
    paths = _mappings(raw.get("classifications"))
    return Event(
        id=name,
        name=str(raw.get("name", "")),
        starts=starts,
        local_start=f"{start['localDate']}T{start.get('localTime', '00:00:00')}" if "localDate" in start else None,
        tba=start.get("dateTBA") is True,
        tbd=start.get("dateTBD") is True,
        on_sale=(sale[0], sale[1]) if sale[0] is not None and sale[1] is not None else None,
        venue=venue,
        venue_ids=venue_ids,
        attraction_ids=_ids(raw, embedded, "attractions"),
        terms=_terms(paths),
        indexed_country=venue.indexed_country if venue else None,
        promoter_id=_mapping(raw.get("promoter")).get("id"),
        locale=str(raw.get("locale", "en-us")),
        test=raw.get("test") is True,
        source="archtics" if name.startswith("Za") and "url" not in raw else "ticketmaster",
        family=any(path.get("family") is True for path in paths),
    )


def _venue(name: str, raw: Record) -> Venue:
    country = _mapping(raw.get("country")).get("countryCode")
    location = _mapping(raw.get("location"))
    try:
        position = float(location["latitude"]), float(location["longitude"])
    except (KeyError, TypeError, ValueError):
        position = None  # absent or invalid: the venue has no position
    return Venue(
        id=name,
        name=str(raw.get("name", "")),
        city=str(_mapping(raw.get("city")).get("name", "")),
        state_code=_mapping(raw.get("state")).get("stateCode"),
        country_code=country,
        indexed_country="CA" if country == "CAN" else country,
        postal_code=raw.get("postalCode"),
        zone=raw.get("timezone"),
        dmas=tuple(entry["id"] for entry in _mappings(raw.get("dmas")) if "id" in entry),
        markets=tuple(str(entry["id"]) for entry in _mappings(raw.get("markets")) if "id" in entry),
        position=position,
        locale=str(raw.get("locale", "en-us")),
        test=raw.get("test") is True,
    )


def _attraction(name: str, raw: Record) -> Attraction:
    terms = _terms(_mappings(raw.get("classifications")))
    locale = str(raw.get("locale", "en-us"))
    return Attraction(name, str(raw.get("name", "")), terms, locale, raw.get("test") is True)


def _element(name: str, raw: Record) -> ClassificationElement:
    term = _mapping(raw.get("segment") or raw.get("type"))
    return ClassificationElement(name, str(term.get("name", "")), _bytes(raw))


def _default_elements() -> list[ClassificationElement]:
    return [ClassificationElement(top.id, top.name, body) for top, body in Taxonomy().bodies()]


def _starts(start: Record, zone: object) -> int | None:
    """The start in epoch seconds; midnight at the venue if it only has a date."""
    instant = _instant(start.get("dateTime"))
    if instant is not None:
        return instant
    try:
        day = date.fromisoformat(str(start.get("localDate")))
    except ValueError:
        return None
    return int(datetime(day.year, day.month, day.day, tzinfo=_zone(zone)).timestamp())


def _zone(name: object) -> tzinfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError):
        return UTC  # absent or invalid


def _instant(text: object) -> int | None:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return int((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp())


def _ids(raw: Record, embedded: Record, kind: str) -> tuple[str, ...]:
    """Ids of an event's venues or attractions, embedded or only linked."""
    all_ids = [str(entry["id"]) for entry in _mappings(embedded.get(kind)) if "id" in entry]
    links = [str(entry.get("href", "")) for entry in _mappings(_mapping(raw.get("_links")).get(kind))]
    linked = [href.split("?")[0].rsplit("/", 1)[-1] for href in links]
    return tuple(dict.fromkeys(all_ids + linked))


def _terms(paths: list[Record]) -> tuple[Term, ...]:
    terms = [_mapping(path.get(level)) for path in paths for level in _LEVELS]
    return tuple(Term(str(term.get("id", "")), str(term.get("name", ""))) for term in terms)


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: object) -> list[Record]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _bytes(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()
