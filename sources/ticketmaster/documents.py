"""Reads just enough of a page to plan the next request, however odd its records are."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import from_json

from sources.ticketmaster.outline import outline

_HREF = re.compile(r"/(venues|attractions)/([A-Za-z0-9_-]+)")
# Ids that may be part of a request's name.
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# A parsed page takes about ten times its bytes. The interpreter parses one at a time anyway, so only one may exist.
_ONE_AT_A_TIME = threading.Lock()

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A summary of a page of a search, without its records.

    Attributes:
        total: records that the source reports for the whole search (`page.totalElements`).
        ids: of the records on the page; a record without an id has a digest of its content, so that it counts once.
        starts: known event starts on the page, in seconds since 1970 UTC.
        example: id and start of one event that has both, and a plain id.
        states: state codes of the venues on the page.
        embedded: `(entity, id)` of the venues and attractions that came whole with the events.
        referenced: `(entity, id)` of all venues and attractions that the events link to.
    """

    total: int
    ids: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    example: tuple[str, int] | None = None
    states: frozenset[str] = frozenset()
    embedded: frozenset[tuple[str, str]] = frozenset()
    referenced: frozenset[tuple[str, str]] = frozenset()


def parse_document(body: bytes) -> Json:
    """A body as the JSON object that a search returns.

    Raises:
        ValueError: the body is not JSON, not an object, reports an error, or has no total.
    """
    return _checked(_loads(body))


def read_page(entity: str, body: bytes) -> Page:
    """The summary of a page of an entity.

    Args:
        entity: the collection's key, such as `events`.
        body: the page as the API sent it.

    Raises:
        ValueError: as `parse_document`.
    """
    with _ONE_AT_A_TIME:
        document = _checked((outline(body) if entity == "events" else None) or _loads(body))
        records = _records(entity, document)
        if not all(map(_id, records)):
            records = _records(entity, _loads(body))
        total = document["page"]["totalElements"]
        ids = tuple(_id(record) or _digest(record) for record in records)
        if entity != "events":
            return Page(total, ids)
        return Page(
            total,
            ids,
            starts=tuple(start for record in records if (start := _start(record)) is not None),
            example=next(_examples(records), None),
            states=frozenset(state for record in records for state in _states(record)),
            embedded=frozenset(pair for record in records for pair in _embedded(record)),
            referenced=frozenset(pair for record in records for pair in _referenced(record)),
        )


def _examples(records: list[Any]) -> Iterator[tuple[str, int]]:
    for record in records:
        identity, start = _id(record), _start(record)
        if identity and _PLAIN_ID.fullmatch(identity) and start is not None:
            yield identity, start


def count_records(entity: str, body: bytes) -> int | None:
    """The number of records of an entity on a page, or None if the body isn't a page."""
    with _ONE_AT_A_TIME:
        try:
            return len(_records(entity, parse_document(body)))
        except ValueError:
            return None


def read_elements(entity: str, body: bytes) -> list[Json]:
    """The whole records of a page. Only for small ones: those of events would need too much memory.

    Raises:
        ValueError: as `parse_document`.
    """
    return [record for record in _records(entity, parse_document(body)) if isinstance(record, dict)]


def _loads(body: bytes) -> Any:
    """JSON as Python objects: the fast parser first, then the lenient one, which also accepts lone surrogates."""
    try:
        return from_json(body)
    except ValueError:
        pass
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None


def _checked(document: Any) -> Json:
    if not isinstance(document, dict):
        raise ValueError(f"a JSON {type(document).__name__} instead of an object")
    if "fault" in document or "errors" in document:
        raise ValueError("an error report instead of a page")
    total = _member(document, "page").get("totalElements")
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise ValueError("a page without a total (page.totalElements)")
    return document


def _member(document: Any, key: str) -> Json:
    value = document.get(key) if isinstance(document, dict) else None
    return value if isinstance(value, dict) else {}


def _records(entity: str, document: Json) -> list[Any]:
    records = _member(document, "_embedded").get(entity)
    return records if isinstance(records, list) else []


def _id(record: Any) -> str | None:
    identity = record.get("id") if isinstance(record, dict) else None
    return identity if isinstance(identity, str) and identity else None


def _digest(record: Any) -> str:
    """The identity of a record without an id: the same content is the same record, on whatever page."""
    content = json.dumps(record, sort_keys=True)
    return f"#{hashlib.blake2b(content.encode(), digest_size=16).hexdigest()}"


def _start(record: Any) -> int | None:
    """The start of an event in seconds since 1970 UTC, or None if it is unknown or invalid."""
    text: Any = _member(_member(record, "dates"), "start").get("dateTime")
    try:
        start = datetime.fromisoformat(text)
        return int(start.timestamp()) if start.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None


def _states(record: Any) -> Iterator[str]:
    for venue in _records("venues", record):
        state = _member(venue, "state").get("stateCode")
        if isinstance(state, str) and re.fullmatch(r"[A-Za-z0-9]{1,8}", state):
            yield state


def _embedded(record: Any) -> Iterator[tuple[str, str]]:
    for entity in ("venues", "attractions"):
        for item in _records(entity, record):
            if identity := _id(item):
                yield entity, identity


def _referenced(record: Any) -> Iterator[tuple[str, str]]:
    links = _member(record, "_links")
    for entity in ("venues", "attractions"):
        items = links.get(entity)
        for item in items if isinstance(items, list) else []:
            href = item.get("href") if isinstance(item, dict) else None
            match = _HREF.search(href) if isinstance(href, str) else None
            if match and match[1] == entity:
                yield entity, match[2]
