"""Reads a page in a third of the time: only the members that planning needs become Python objects.

It accepts regular pages only; `documents` reads the others, with the same result.
"""

from __future__ import annotations

from typing import Any

import msgspec
from typing_extensions import TypedDict


class _Identified(TypedDict, total=False):
    id: str


class _State(TypedDict, total=False):
    stateCode: str


class _Venue(TypedDict, total=False):
    id: str
    state: _State


class _Link(TypedDict, total=False):
    href: str


class _Links(TypedDict, total=False):
    venues: list[_Link]
    attractions: list[_Link]


class _Start(TypedDict, total=False):
    dateTime: str


class _Dates(TypedDict, total=False):
    start: _Start


class _Embedded(TypedDict, total=False):
    venues: list[_Venue]
    attractions: list[_Identified]


class _Event(TypedDict, total=False):
    id: str
    dates: _Dates
    _embedded: _Embedded
    _links: _Links


class _Events(TypedDict, total=False):
    events: list[_Event]


class _Extent(TypedDict):
    totalElements: int


class _Page(TypedDict, total=False):
    page: _Extent
    _embedded: _Events
    fault: Any
    errors: Any


_PAGE = msgspec.json.Decoder(_Page)


def outline(body: bytes) -> dict[str, Any] | None:
    """A page of events with only what planning needs, or None if the page is irregular."""
    try:
        return dict(_PAGE.decode(body))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
