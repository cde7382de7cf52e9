"""One pace for all requests to the API: below its limit as the API counts, and slower when it reports "too fast"."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Requests that are sent evenly still arrive unevenly, and a gateway's spike arrest demands an even pace.
_HEADROOM = 1.05
# Requests within so many seconds may be sent together, so the clock's resolution doesn't limit high rates.
_BURST_SECONDS = 0.05
_SLOWER = 1.5
_SLOWEST = 20.0
# After so many successes in a row, a reduced pace is raised by one step.
_RECOVERY = 10


class Throttle:
    """Lets requests through evenly, and never more in a second than the limit, *whenever the API counts them*.

    The API counts a request at some time between its sending and the start of its response. On a busy network or
    machine, both vary by more than any headroom allows for. So there are as many turns as the limit allows, and a turn
    can be taken again only a second after the response to the request that had it before. All threads share them.

    Args:
        requests_per_second: the API key's rate limit.

    Raises:
        ValueError: the limit is not positive.
    """

    def __init__(self, requests_per_second: float) -> None:
        if requests_per_second <= 0:
            raise ValueError(f"requests_per_second must be positive, not {requests_per_second}")
        turns = max(1, int(requests_per_second))
        self._rate = requests_per_second
        self._period = turns / requests_per_second
        self._factor = 1.0
        self._passed = 0
        self._free_at = [0.0] * turns  # a heap of monotonic seconds, one for each free turn
        self._next_at = 0.0
        self._silent_until = 0.0
        self._slowed_at = 0.0
        self._returned = threading.Condition()

    @property
    def pace(self) -> float:
        """Requests per second at the present pace."""
        return self._rate / self._factor

    @contextmanager
    def turn(self) -> Iterator[float]:
        """Wait until a request may be sent; send it in the block, and end the block when its response begins or fails.

        Yields:
            When it may be sent, in monotonic seconds.
        """
        leaves_at = self._take()
        while (early := max(leaves_at, self._silent_until) - time.monotonic()) > 0:
            time.sleep(early)
        try:
            yield time.monotonic()
        finally:
            with self._returned:
                heapq.heappush(self._free_at, time.monotonic() + self._period * self._factor)
                self._returned.notify()

    def silence(self, seconds: float) -> None:
        """Send nothing for so many seconds, because the API demands a pause."""
        with self._returned:
            self._silent_until = max(self._silent_until, time.monotonic() + seconds)

    def arrested(self, left_at: float) -> None:
        """Reduce the pace because the API refused a request as too fast; once for all requests sent before that.

        Args:
            left_at: when the request was sent, in monotonic seconds.
        """
        with self._returned:
            self._passed = 0
            if left_at >= self._slowed_at:
                self._slowed_at = time.monotonic()
                self._factor = min(self._factor * _SLOWER, _SLOWEST)

    def passed(self) -> None:
        """Record that the API accepted a request; after enough of them, raise the pace, never above the limit."""
        with self._returned:
            self._passed += 1
            if self._passed >= _RECOVERY:
                self._passed = 0
                self._factor = max(self._factor / _SLOWER, 1.0)

    def _take(self) -> float:
        """Take a turn; returns when the request may be sent, in monotonic seconds."""
        with self._returned:
            while not self._free_at:
                self._returned.wait()
            leaves_at = max(heapq.heappop(self._free_at), self._next_at, time.monotonic())
            gap = _HEADROOM * self._factor / self._rate
            self._next_at = max(self._next_at, leaves_at - max(_BURST_SECONDS - gap, 0)) + gap
            return leaves_at
