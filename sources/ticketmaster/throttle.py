"""One pace for everything that asks the API, which slows down when the API says "too fast"."""

from __future__ import annotations

import threading

from pyrate_limiter import Limiter, Rate, SingleBucketFactory, StateBucket

# Requests that leave evenly still arrive unevenly: aiming 5 % under the limit keeps arrivals under it.
_HEADROOM = 1.05
_SLOWER = 1.5
_SLOWEST = 20.0
# Successes in a row after which a slowed-down pace is tried one step faster again.
_RECOVERY = 50


class Throttle:
    """Lets requests through evenly at a number per second, shared by all threads.

    Evenly, because a gateway's spike arrest smooths: at 5 a second it wants 200 ms between requests, not five at once.
    A burst of what fits into 50 ms is let through, so that high rates are not bound by the clock's resolution.

    Args:
        requests_per_second: the API key's rate limit.
    """

    def __init__(self, requests_per_second: float) -> None:
        if requests_per_second <= 0:
            raise ValueError(f"requests_per_second must be positive, not {requests_per_second}")
        self._rate = requests_per_second
        self._factor = 1.0
        self._passed = 0
        self._lock = threading.Lock()
        self._limiter = self._build()

    @property
    def pace(self) -> float:
        """Requests per second that are let through now."""
        return self._rate / self._factor

    def wait(self) -> None:
        """Return when the next request may leave."""
        self._limiter.try_acquire("discovery")

    def arrested(self) -> None:
        """The API refused a request as too fast: slow everything down."""
        with self._lock:
            self._passed = 0
            if self._factor < _SLOWEST:
                self._factor = min(self._factor * _SLOWER, _SLOWEST)
                self._limiter = self._build()

    def passed(self) -> None:
        """The API took a request: after enough of them, speed up again, never over the limit."""
        if self._factor == 1.0:
            return
        with self._lock:
            self._passed += 1
            if self._passed >= _RECOVERY:
                self._passed = 0
                self._factor = max(self._factor / _SLOWER, 1.0)
                self._limiter = self._build()

    def _build(self) -> Limiter:
        per_second = self._rate / self._factor
        # The library counts whole requests per whole milliseconds; a long interval keeps fractional rates exact.
        limit = max(1, round(per_second * 1000))
        interval = round(limit / per_second * 1000 * _HEADROOM)
        bucket = StateBucket([Rate(limit, interval, burst=max(1, round(per_second / 20)))])
        # Such a bucket is one number and needs no thread that empties it.
        return Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=0)
