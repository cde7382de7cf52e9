"""One pace for everything that asks the API: under its limit as the API counts, and slower when it says "too fast"."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Requests that leave evenly still arrive unevenly; a gateway's spike arrest smooths, and dislikes that.
_HEADROOM = 1.05
# Requests that fall into so many seconds may leave together: high rates are not bound by the clock's resolution.
_BURST_SECONDS = 0.05
_SLOWER = 1.5
_SLOWEST = 20.0
# Successes in a row after which a slowed-down pace is tried one step faster again.
_RECOVERY = 10


class Throttle:
    """Lets requests through evenly, and never more in a second than the limit, *whenever the API counts them*.

    That is some time between a request's departure and the first of its answer; both ends waver by more than any
    headroom allows for when the network or the machine is busy. So there are as many turns as the limit allows, and a
    turn is taken again only a second after the answer to the request that had it before. All threads share them.

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
        self._free_at = [0.0] * turns  # a heap of monotonic seconds, one for each turn that nobody has
        self._next_at = self._silent_until = self._slowed_at = 0.0
        self._returned = threading.Condition()

    @property
    def pace(self) -> float:
        """Requests per second that are let through now."""
        return self._rate / self._factor

    @contextmanager
    def turn(self) -> Iterator[float]:
        """Wait until a request may leave; send it inside, and leave when its answer begins (or is given up).

        Yields:
            When it left, in monotonic seconds.
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
        """The API asks for a pause: nothing leaves for so long."""
        with self._returned:
            self._silent_until = max(self._silent_until, time.monotonic() + seconds)

    def arrested(self, left_at: float) -> None:
        """The API refused a request as too fast: slow everything down, once for all that left before that.

        Args:
            left_at: when the request left, in monotonic seconds.
        """
        with self._returned:
            self._passed = 0
            if left_at >= self._slowed_at:
                self._slowed_at = time.monotonic()
                self._factor = min(self._factor * _SLOWER, _SLOWEST)

    def passed(self) -> None:
        """The API took a request: after enough of them, speed up again, never over the limit."""
        with self._returned:
            self._passed += 1
            if self._passed >= _RECOVERY:
                self._passed = 0
                self._factor = max(self._factor / _SLOWER, 1.0)

    def _take(self) -> float:
        """Take a turn; returns when the request may leave."""
        with self._returned:
            while not self._free_at:
                self._returned.wait()
            leaves_at = max(heapq.heappop(self._free_at), self._next_at, time.monotonic())
            gap = _HEADROOM * self._factor / self._rate
            self._next_at = max(self._next_at, leaves_at - max(_BURST_SECONDS - gap, 0)) + gap
            return leaves_at
