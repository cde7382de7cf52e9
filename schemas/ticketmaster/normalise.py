"""Normalisation of values: pure functions, each for a quirk in real responses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")

_CENT = Decimal("0.01")
_NO_OFFSET = timedelta(0)
_LINKED_ID = re.compile(r"/(?:venues|attractions)/([A-Za-z0-9_-]{1,64})(?:[/.?{]|$)")

STATUSES = {"canceled": "cancelled"}
"""The documentation spells it with one l, the API with two."""

COUNTRIES = {"CAN": "CA", "USA": "US", "MEX": "MX", "GBR": "GB", "IRL": "IE", "AUS": "AU", "NZL": "NZ", "DEU": "DE"}
"""Alpha-3 codes that archtics venues have, or may have, in place of alpha-2."""

COUNTRY_NAMES = {"Can": "Canada"}
"""Names of countries as archtics venues spell them."""


def status(code: str | None) -> str | None:
    """A status in lower case and uniform spelling."""
    if not code:
        return None
    lowered = code.lower()
    return STATUSES.get(lowered, lowered)


def price_type(name: str | None) -> str | None:
    """A price type in lower case."""
    return name.lower() if name else None


def country_code(code: str | None) -> str | None:
    """ISO 3166-1 alpha-2 in upper case. A code of another kind stays; the contract rejects it."""
    if not code:
        return None
    upper = code.upper()
    return COUNTRIES.get(upper, upper)


def country_name(name: str | None) -> str | None:
    """A country's name as sent, except archtics' "Can"."""
    return COUNTRY_NAMES.get(name, name) if name else None


def market_name(name: str | None) -> str | None:
    """A market's name without an unpaired quotation mark.

    The source cuts names at their first comma: it sends `"Cleveland, Toledo & More"` as ` Toledo & More"`.
    """
    return (name.strip('" ') or None) if name and name.count('"') % 2 else name


def coordinates(latitude: float | str | None, longitude: float | str | None) -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees; both None for the placeholder 0,0 or if one is blank."""
    if not isinstance(latitude, float) or not isinstance(longitude, float) or (latitude == 0 and longitude == 0):
        return None, None
    return latitude, longitude


def money(amount: Decimal | None) -> Decimal | None:
    """An amount rounded to cents, half up."""
    return None if amount is None else amount.quantize(_CENT, ROUND_HALF_UP)


def utc(instant: datetime | None) -> datetime | None:
    """An instant in UTC. An instant without a zone is UTC too, as the API documents."""
    if instant is None or instant.utcoffset() == _NO_OFFSET:
        return instant
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else _within_calendar(instant, UTC)


def utc_unless_placeholder(instant: datetime | None) -> datetime | None:
    """An instant in UTC; None for the year 1900, which means "unknown" in a fifth of the events."""
    return None if instant is None or instant.year == 1900 else utc(instant)


@lru_cache(maxsize=1024)
def zone(name: str | None) -> ZoneInfo | None:
    """The IANA zone of a name; None if it doesn't exist."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # a path, a folder of zones, an unknown zone
        return None


def local(day: date | None, clock: time | None) -> datetime | None:
    """The local time at the venue."""
    return None if day is None or clock is None else datetime.combine(day, clock.replace(tzinfo=None))


def local_of(instant: datetime | None, zone_name: str | None) -> datetime | None:
    """The local time in a zone at an instant."""
    if instant is None or (local_zone := zone(zone_name)) is None:
        return None
    local_time = _within_calendar(instant, local_zone)
    return local_time.replace(tzinfo=None) if local_time else None


def instant_of(wall: datetime | None, zone_name: str | None) -> datetime | None:
    """The instant of a local time in a zone, UTC.

    A time that a clock change repeats is the first of the two; one that it skips is read with the old offset.
    """
    if wall is None or (local_zone := zone(zone_name)) is None:
        return None
    return _within_calendar(wall.replace(tzinfo=local_zone), UTC)


def _within_calendar(instant: datetime, target: tzinfo) -> datetime | None:
    """An instant in a zone; None if that is outside of the years 1 to 9999."""
    try:
        return instant.astimezone(target)
    except OverflowError:
        return None


def linked_id(href: str | None) -> str | None:
    """Id in a link such as `/discovery/v2/venues/KovZpZAaEldA?locale=en-us`."""
    match = _LINKED_ID.search(href) if href else None
    return match[1] if match else None


def distinct(values: Iterable[T | None]) -> Iterator[T]:
    """Distinct values in order, without None."""
    return (value for value in dict.fromkeys(values) if value is not None)
