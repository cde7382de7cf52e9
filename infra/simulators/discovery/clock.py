"""The simulator's idea of now: the world it shows and the quota window follow it, so it must be settable."""

from __future__ import annotations

import threading
from datetime import UTC, datetime


def parse_instant(text: str) -> datetime:
    """Read `YYYY-MM-DDTHH:MM:SSZ` (or any ISO 8601 instant that states its offset) as UTC.

    Raises:
        ValueError: not ISO 8601, or no offset: a bare local time would silently be somebody's time zone.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no offset; write it as UTC, for example 2026-03-01T02:00:00Z")
    return instant.astimezone(UTC)


class Clock:
    """Real UTC time until it is set; once set it stands still, so that a crawl sees one world from end to end."""

    def __init__(self, now: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._now: datetime | None = None
        if now is not None:
            self.set(now)

    def now(self) -> datetime:
        """The current instant, UTC, to the second."""
        with self._lock:
            return self._now or datetime.now(UTC).replace(microsecond=0)

    def set(self, now: datetime | None) -> None:
        """Stand still at `now` (time zone aware), or follow real time again with None.

        Raises:
            ValueError: `now` has no time zone.
        """
        if now is not None and now.tzinfo is None:
            raise ValueError("the clock needs a time zone aware instant")
        with self._lock:
            self._now = None if now is None else now.astimezone(UTC)

    @property
    def stands_still(self) -> bool:
        """Whether the clock was set."""
        with self._lock:
            return self._now is not None
