"""The simulator's current time. It determines the world and the quota window, so tests must be able to set it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime


def parse_instant(text: str) -> datetime:
    """Reads `YYYY-MM-DDTHH:MM:SSZ` (or any ISO 8601 instant with an offset) as UTC.

    Raises:
        ValueError: not ISO 8601, or without an offset, because a local time would be in an unknown time zone.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no offset; write it as UTC, for example 2026-03-01T02:00:00Z")
    return instant.astimezone(UTC)


class Clock:
    """Real UTC time until you set it. Then it stands still, so that a crawl sees the same world from start to end."""

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
        """Stops the clock at `now` (time zone aware); None restarts it.

        Raises:
            ValueError: `now` has no time zone.
        """
        if now is not None and now.tzinfo is None:
            raise ValueError("the clock needs a time zone aware instant")
        with self._lock:
            self._now = None if now is None else now.astimezone(UTC)

    @property
    def stands_still(self) -> bool:
        """Whether the clock is stopped."""
        with self._lock:
            return self._now is not None
