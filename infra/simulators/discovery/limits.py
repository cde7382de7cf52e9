"""The API's limits: paging depth, total cap, requests per second and per day. All are configurable."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from . import errors

MAX_SIZE = 200
_DEPTH = 1000
_CAP_MARGIN = 20  # offsets from 9,980 on were refused with the cap's own error


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force.

    Attributes:
        per_second: requests in any sliding second; None for no limit.
        per_day: requests in the 24 hours from the first one, by the simulator's clock.
        deep_paging: "2026" serves page * size = 1000 and refuses more; "2024" (and the docs) refuse 1000 as well.
        total_cap: larger totals are reported as this number; None reports actual totals, as in 2024.
    """

    per_second: int | None = 5
    per_day: int = 5000
    deep_paging: Literal["2024", "2026"] = "2026"
    total_cap: int | None = 10_000

    def check_page(self, page: int, size: int) -> None:
        """Refuses a page that the API would not serve.

        Raises:
            ApiError: DIS1036 (size), DIS1024 (at the total cap) or DIS1035 (too deep).
        """
        if not 1 <= size <= MAX_SIZE:
            raise errors.bad_size()
        offset = page * size
        if self.total_cap is not None and offset >= self.total_cap - _CAP_MARGIN:
            raise errors.beyond_total_cap()
        if offset > _DEPTH or (offset == _DEPTH and self.deep_paging == "2024"):
            raise errors.too_deep("400 BAD_REQUEST" if self.deep_paging == "2026" else "400")

    def reported(self, total: int) -> int:
        """The total as the API reports it."""
        return total if self.total_cap is None else min(total, self.total_cap)


class Gate:
    """Counts requests against the limits, per key and for all threads.

    Refused requests do not count, neither for the second nor for the day. Accepted requests count for the day whatever
    their result: a 400 costs as much as a page.
    """

    def __init__(
        self, limits: Limits, now: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._now = now
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._recent: deque[float] = deque()
        self._used = 0
        self._window_ends: datetime | None = None

    def enter(self, api_key: str) -> dict[str, str]:
        """Admits one request.

        Returns:
            The `Rate-Limit…` headers of a 200. The reset is in epoch milliseconds.

        Raises:
            ApiError: 429, spike arrest or quota.
        """
        with self._lock:
            self._check_second()
            self._check_day(api_key)
            self._recent.append(self._monotonic())
            self._used += 1
            return self._headers()

    def reset(self) -> None:
        """Starts a new second and a new day."""
        with self._lock:
            self._recent.clear()
            self._used = 0
            self._window_ends = None

    def _check_second(self) -> None:
        if self._limits.per_second is None:
            self._recent.clear()
            return
        second_ago = self._monotonic() - 1.0
        while self._recent and self._recent[0] <= second_ago:
            self._recent.popleft()
        if len(self._recent) >= self._limits.per_second:
            raise errors.spike_arrest(self._limits.per_second)

    def _check_day(self, api_key: str) -> None:
        instant = self._now()
        if self._window_ends is None or instant >= self._window_ends:
            self._window_ends = instant + timedelta(days=1)
            self._used = 0
        if self._used >= self._limits.per_day:
            raise errors.quota_exceeded(api_key)

    def _headers(self) -> dict[str, str]:
        ends = self._window_ends or self._now()
        return {
            "Rate-Limit": str(self._limits.per_day),
            "Rate-Limit-Available": str(self._limits.per_day - self._used),
            "Rate-Limit-Over": "0",
            "Rate-Limit-Reset": str(int(ends.timestamp() * 1000)),
        }
