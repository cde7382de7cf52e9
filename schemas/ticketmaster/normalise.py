"""How values are made regular: pure functions, each for a quirk that was seen in real answers."""

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
"""The documentation writes one l, the API two."""

COUNTRIES = {"CAN": "CA", "USA": "US", "MEX": "MX", "GBR": "GB", "IRL": "IE", "AUS": "AU", "NZL": "NZ", "DEU": "DE"}
"""Alpha-3 codes that archtics venues carry, or may, where alpha-2 is meant."""

COUNTRY_NAMES = {"Can": "Canada"}
"""What archtics venues write for a country's name."""


def status(code: str | None) -> str | None:
    """A status in lower case and in one spelling."""
    if not code:
        return None
    lowered = code.lower()
    return STATUSES.get(lowered, lowered)


def price_type(name: str | None) -> str | None:
    """A type of prices in lower case."""
    return name.lower() if name else None


def country_code(code: str | None) -> str | None:
    """ISO 3166-1 alpha-2 in upper case. A code of another kind stays, for the contract to reject."""
    if not code:
        return None
    upper = code.upper()
    return COUNTRIES.get(upper, upper)


def country_name(name: str | None) -> str | None:
    """A country's name as sent, but for archtics' "Can"."""
    return COUNTRY_NAMES.get(name, name) if name else None


def market_name(name: str | None) -> str | None:
    """A market's name without a quotation mark that has no partner.

    The source cut names at their first comma: what was `"Cleveland, Toledo & More"` is sent as ` Toledo & More"`.
    """
    return (name.strip('" ') or None) if name and name.count('"') % 2 else name


def coordinates(latitude: float | str | None, longitude: float | str | None) -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees; neither for the placeholder 0,0 or when one is blank."""
    if not isinstance(latitude, float) or not isinstance(longitude, float) or (latitude == 0 and longitude == 0):
        return None, None
    return latitude, longitude


def money(amount: Decimal | None) -> Decimal | None:
    """An amount rounded to cents, half up."""
    return None if amount is None else amount.quantize(_CENT, ROUND_HALF_UP)


def utc(instant: datetime | None) -> datetime | None:
    """An instant in UTC. One without a zone is taken for UTC, as which the API documents all of them."""
    if instant is None or instant.utcoffset() == _NO_OFFSET:
        return instant
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else _within_calendar(instant, UTC)


def utc_unless_placeholder(instant: datetime | None) -> datetime | None:
    """An instant in UTC; None for the year 1900, which stands for "not known" on a fifth of the events."""
    return None if instant is None or instant.year == 1900 else utc(instant)


@lru_cache(maxsize=1024)
def zone(name: str | None) -> ZoneInfo | None:
    """The IANA zone of a name; None when there is no such zone."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # a path, a folder of zones, an unknown zone
        return None


def local(day: date | None, clock: time | None) -> datetime | None:
    """The time on the venue's wall."""
    return None if day is None or clock is None else datetime.combine(day, clock.replace(tzinfo=None))


def local_of(instant: datetime | None, zone_name: str | None) -> datetime | None:
    """The time on the wall in a zone at an instant."""
    if instant is None or (there := zone(zone_name)) is None:
        return None
    moved = _within_calendar(instant, there)
    return moved.replace(tzinfo=None) if moved else None


def instant_of(wall: datetime | None, zone_name: str | None) -> datetime | None:
    """The instant of a time on the wall in a zone, UTC.

    A time that a clock change repeats is the first of the two; one that it skips is read with the old offset.
    """
    if wall is None or (there := zone(zone_name)) is None:
        return None
    return _within_calendar(wall.replace(tzinfo=there), UTC)


def _within_calendar(instant: datetime, there: tzinfo) -> datetime | None:
    """An instant in a zone; None where that would leave the years 1 to 9999."""
    try:
        return instant.astimezone(there)
    except OverflowError:
        return None


def linked_id(href: str | None) -> str | None:
    """Id in a link such as `/discovery/v2/venues/KovZpZAaEldA?locale=en-us`."""
    match = _LINKED_ID.search(href) if href else None
    return match[1] if match else None


def distinct(values: Iterable[T | None]) -> Iterator[T]:
    """Values in order, each once, without None."""
    return (value for value in dict.fromkeys(values) if value is not None)
