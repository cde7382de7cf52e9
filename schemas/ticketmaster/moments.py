"""Which of what a source says about one moment is believed, where it contradicts itself.

A moment is sent several times over: as day and time on the venue's wall, as an instant in UTC, and with the zones of
the event and of its venue, by which one follows from the other. This is the only place that chooses among them; what
was chosen, and why, is in the columns `start_source` and `start_conflict`, and in docs/adr/0019.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from schemas.ticketmaster import normalise

TOLERANCE = timedelta(minutes=15)
"""How far apart the start on the wall and the start in UTC may be and still be the same."""
WRONG_DAY = timedelta(days=1)
"""From here on one of two starts has the wrong day; below, they differ by what a wrong offset explains."""
WEST, EAST = timedelta(hours=-12), timedelta(hours=14)
"""The offsets from UTC that there are: what the wall may be ahead of UTC where no zone is known."""

Source = Literal["both", "local", "utc", "date"]
"""What the start follows from: both as sent, one of them (the other is derived by the zone), or a day alone."""
Conflict = Literal["unknown_zone", "other_zone", "time", "date"]
"""What contradicts what was sent besides.

unknown_zone: there is no zone of that name.
other_zone: wall and UTC agree in the venue's zone, and not in the event's.
time: wall and UTC are more than `TOLERANCE` and less than `WRONG_DAY` apart; the wall is believed.
date: they are further apart; UTC is believed, or the wall where no zone is known.
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A moment as it was sent.

    Attributes:
        day: at the venue.
        clock: on the venue's wall.
        instant: UTC.
        is_time_unknown: whatever else was sent, only the day counts.
    """

    day: date | None = None
    clock: time | None = None
    instant: datetime | None = None
    is_time_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """What is believed of a moment: day and time on the venue's wall (naive), instant (UTC), and the zone's name."""

    day: date | None = None
    wall: datetime | None = None
    instant: datetime | None = None
    zone: str | None = None
    source: Source | None = None
    conflict: Conflict | None = None


def believed(sent: Sent, event_zone: str | None, venue_zone: str | None) -> Moment:
    """What a moment is, from all that was sent about it.

    Args:
        sent: the moment.
        event_zone: IANA name of the event's zone, as sent.
        venue_zone: IANA name of the zone of its first venue, as sent; counts where the event's is missing or wrong.
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
    """The moment of a time on the wall and an instant."""
    if not zones:
        ahead = wall.replace(tzinfo=UTC) - instant
        if WEST - TOLERANCE <= ahead <= EAST + TOLERANCE:
            return Moment(wall.date(), wall, instant, None, "both", conflict)
        return Moment(wall.date(), wall, None, None, "local", "date")
    for zone in zones:
        if _apart(wall, instant, zone) <= TOLERANCE:
            misled: Conflict | None = None if zone == zones[0] else "other_zone"
            return Moment(wall.date(), wall, instant, zone, "both", conflict or misled)
    if _apart(wall, instant, zones[0]) < WRONG_DAY:
        return Moment(wall.date(), wall, normalise.instant_of(wall, zones[0]), zones[0], "local", "time")
    there = normalise.local_of(instant, zones[0])
    return Moment(there.date() if there else None, there, instant, zones[0], "utc", "date")


def _of_instant(day: date | None, instant: datetime, zone: str | None, conflict: Conflict | None) -> Moment:
    """The moment of an instant, and of a day at the venue without a time."""
    wall = normalise.local_of(instant, zone)
    if wall:
        return Moment(wall.date(), wall, instant, zone, "utc", "date" if day and day != wall.date() else conflict)
    if day and not _may_be_on(day, instant):
        return Moment(day, source="date", conflict="date")
    return Moment(day, None, instant, None, "both" if day else "utc", conflict)


def _apart(wall: datetime, instant: datetime, zone: str) -> timedelta:
    """Between a time on a wall and an instant, where a time that comes twice is the one that is nearer."""
    readings = (normalise.instant_of(wall.replace(fold=fold), zone) for fold in (0, 1))
    return min((abs(reading - instant) for reading in readings if reading), default=timedelta.max)


def _may_be_on(day: date, instant: datetime) -> bool:
    """Whether it may be that day at the instant, somewhere."""
    return abs(day - instant.date()) <= WRONG_DAY
