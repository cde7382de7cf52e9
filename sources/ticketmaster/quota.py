"""Counts the day's requests, across processes, and corrects the count by the API's own."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime

from sources.landing import Counter

# A killed process loses at most this many requests; storing each would cost a write per page.
_SAVE_EVERY = 10


class Quota:
    """Counts requests against the daily quota, for all threads.

    Args:
        daily: requests a day that we allow ourselves.
        counter: stores the day's count beyond the process; without one, it is lost.
    """

    def __init__(self, daily: int, counter: Counter | None = None) -> None:
        self.daily = daily
        self.resets_at: datetime | None = None
        self._counter = counter
        self._used = counter.load() if counter else 0
        self._saved = self._used
        self._used_before = self._used
        self._allowed_by_api: int | None = None
        self._lock = threading.Lock()
        self._saving = threading.Lock()

    @property
    def used(self) -> int:
        """Requests made today, by this process and those before it."""
        return self._used

    @property
    def made(self) -> int:
        """Requests made by this process."""
        return self._used - self._used_before

    @property
    def left(self) -> int:
        """Requests that may still be made today, by our own count, or by the API's if that is lower."""
        allowed = self.daily if self._allowed_by_api is None else min(self.daily, self._allowed_by_api)
        return max(allowed - self._used, 0)

    def take(self) -> bool:
        """Count one request. Returns False, without counting, if none is left."""
        with self._lock:
            if self.left <= 0:
                return False
            self._used += 1
            is_due = self._used - self._saved >= _SAVE_EVERY
        if is_due:
            self.save()
        return True

    def believe(self, headers: Mapping[str, str]) -> None:
        """Adopt a response's headers about the quota; errors don't have them, and any value may be invalid."""
        available = _whole(headers.get("Rate-Limit-Available"))
        resets_at = _whole(headers.get("Rate-Limit-Reset"))
        with self._lock:
            if available is not None:
                self._allowed_by_api = self._used + available
            if resets_at is not None:
                self.resets_at = _from_milliseconds(resets_at) or self.resets_at

    def exhausted(self) -> None:
        """Record that the API reports a used-up quota, whatever our count."""
        with self._lock:
            self._allowed_by_api = self._used

    def save(self) -> None:
        """Store the count; it never decreases."""
        if self._counter is None:
            return
        with self._saving:
            used = self._used
            if used > self._saved:
                self._counter.save(used)
                self._saved = used


def _whole(text: str | None) -> int | None:
    """A header as a non-negative number, or None."""
    return int(text) if text and text.isascii() and text.isdigit() else None


def _from_milliseconds(value: int) -> datetime | None:
    """Milliseconds since 1970 as UTC, or None if they are not a valid time."""
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
