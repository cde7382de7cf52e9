"""Decides between contradictory data about one moment.

The source sends a moment several times: as day and time at the venue, as an instant in UTC, and with the time zones of
the event and its venue, which relate the two. Only this module chooses between them. The columns `start_source` and
`start_conflict` show the choice and the reason; docs/adr/0019 explains the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from schemas.ticketmaster import normalise

TOLERANCE = timedelta(minutes=15)
"""The largest difference at which local start and UTC start are the same."""
WRONG_DAY = timedelta(days=1)
"""From this difference on, one of the starts has the wrong day; a wrong offset explains a smaller one."""
WEST = timedelta(hours=-12)
"""The smallest offset from UTC that exists: local time minus UTC without a known zone."""
EAST = timedelta(hours=14)
"""The largest offset from UTC that exists."""

Source = Literal["both", "local", "utc", "date"]
"""The origin of the start: both as sent, one of them (the other is computed with the zone), or only a day."""
Conflict = Literal["unknown_zone", "other_zone", "time", "date"]
"""The contradiction in the data.

unknown_zone: the zone doesn't exist.
other_zone: local time and UTC agree in the venue's zone, but not in the event's.
time: local time and UTC are more than `TOLERANCE` and less than `WRONG_DAY` apart; the local time is used.
date: they are further apart; UTC is used, or the local time if no zone is known.
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A moment as the source sent it.

    Attributes:
        day: local day at the venue.
        clock: local time at the venue.
        instant: UTC.
        is_time_unknown: whether only the day counts, whatever else was sent.
    """

    day: date | None = None
    clock: time | None = None
    instant: datetime | None = None
    is_time_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment without contradictions: local day and time (naive), instant (UTC), and the zone's name."""

    day: date | None = None
    wall: datetime | None = None
    instant: datetime | None = None
    zone: str | None = None
    source: Source | None = None
    conflict: Conflict | None = None


def believed(sent: Sent, event_zone: str | None, venue_zone: str | None) -> Moment:
    """The moment that the data describes.

    Args:
        sent: the data.
        event_zone: IANA name of the event's zone, as sent.
        venue_zone: IANA name of the zone of its first venue, as sent; used if the event's is missing or wrong.
    """
    named = [name for name in (event_zone, venue_zone) if name]
    zones = [name for name in dict.fromkeys(named) if normalise.zone(name)]
    conflict: Conflict | None = "unknown_zone" if named and named[0] not in zones else None
    zone = zones[0] if zones else None
    wall = None if sent.is_time_unknown else normalise.local(sent.day, sent.clock)
    if wall and sent.instant:
        return _of_both(wall, sent.instant, zones, conflict)
    if wall:
        return Moment(wall.date(), wall, normalise.instant_of(wall, zone), zone, "local", conflict)
    if sent.is_time_unknown or sent.instant is None:
        if sent.day and sent.instant and not _may_be_on(sent.day, sent.instant):
            conflict = "date"
        return Moment(sent.day, zone=zone, source="date" if sent.day else None, conflict=conflict)
    return _of_instant(sent.day, sent.instant, zone, conflict)


def _of_both(wall: datetime, instant: datetime, zones: Sequence[str], conflict: Conflict | None) -> Moment:
    """The moment of a local time and an instant."""
    if not zones:
        ahead = wall.replace(tzinfo=UTC) - instant
        if WEST - TOLERANCE <= ahead <= EAST + TOLERANCE:
            return Moment(wall.date(), wall, instant, None, "both", conflict)
        return Moment(wall.date(), wall, None, None, "local", "date")
    for zone in zones:
        if _apart(wall, instant, zone) <= TOLERANCE:
            zone_conflict: Conflict | None = None if zone == zones[0] else "other_zone"
            return Moment(wall.date(), wall, instant, zone, "both", conflict or zone_conflict)
    if _apart(wall, instant, zones[0]) < WRONG_DAY:
        return Moment(wall.date(), wall, normalise.instant_of(wall, zones[0]), zones[0], "local", "time")
    local = normalise.local_of(instant, zones[0])
    return Moment(local.date() if local else None, local, instant, zones[0], "utc", "date")


def _of_instant(day: date | None, instant: datetime, zone: str | None, conflict: Conflict | None) -> Moment:
    """The moment of an instant and perhaps a local day without a time."""
    wall = normalise.local_of(instant, zone)
    if wall:
        return Moment(wall.date(), wall, instant, zone, "utc", "date" if day and day != wall.date() else conflict)
    if day and not _may_be_on(day, instant):
        return Moment(day, source="date", conflict="date")
    return Moment(day, None, instant, None, "both" if day else "utc", conflict)


def _apart(wall: datetime, instant: datetime, zone: str) -> timedelta:
    """The difference between a local time and an instant. Of a time that occurs twice, the nearer one counts."""
    readings = (normalise.instant_of(wall.replace(fold=fold), zone) for fold in (0, 1))
    return min((abs(reading - instant) for reading in readings if reading), default=timedelta.max)


def _may_be_on(day: date, instant: datetime) -> bool:
    """Whether it can be that day at the instant somewhere on Earth."""
    return abs(day - instant.date()) <= WRONG_DAY
