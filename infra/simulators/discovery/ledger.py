"""The requests to the simulator, as the server counted them. Tests of request rates rely on it."""

from __future__ import annotations

import threading
from array import array
from collections import Counter, deque
from dataclasses import asdict, dataclass

_LOG_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One answered request. `at` is its arrival in the server's monotonic seconds; `query` never contains the key."""

    at: float
    path: str
    query: tuple[tuple[str, str], ...]
    status: int
    error: str | None
    bytes: int
    seconds: float


class Ledger:
    """Counts all requests, and keeps the last 10,000."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Clears all counts."""
        with self._lock:
            self._log: deque[RequestRecord] = deque(maxlen=_LOG_LENGTH)
            self._arrivals = array("d")
            self._served = array("d")
            self._statuses: Counter[int] = Counter()
            self._errors: Counter[str] = Counter()
            self._paths: Counter[str] = Counter()
            self._bytes = 0

    def record(self, request: RequestRecord) -> None:
        """Adds one request."""
        with self._lock:
            self._log.append(request)
            self._arrivals.append(request.at)
            if request.status != 429:
                self._served.append(request.at)
            self._statuses[request.status] += 1
            self._paths[request.path] += 1
            self._bytes += request.bytes
            if request.error:
                self._errors[request.error] += 1

    def __len__(self) -> int:
        with self._lock:
            return len(self._arrivals)

    def log(self, last: int = _LOG_LENGTH) -> list[RequestRecord]:
        """The last requests, oldest first."""
        with self._lock:
            return list(self._log)[-last:] if last else []

    def by_status(self) -> dict[int, int]:
        """Requests by HTTP status."""
        with self._lock:
            return dict(self._statuses)

    def by_error(self) -> dict[str, int]:
        """Errors by the API's error code."""
        with self._lock:
            return dict(self._errors)

    def busiest_second(self, served_only: bool = False) -> int:
        """The maximum number of requests within any one second (not clock second), optionally without the 429s."""
        with self._lock:
            arrivals = sorted(self._served if served_only else self._arrivals)
        maximum = low = 0
        for high, at in enumerate(arrivals):
            while arrivals[low] <= at - 1.0:
                low += 1
            maximum = max(maximum, high - low + 1)
        return maximum

    def summary(self, last: int = 0) -> dict[str, object]:
        """All counters, and the last requests, as data for JSON."""
        busiest = self.busiest_second()
        busiest_served = self.busiest_second(served_only=True)
        with self._lock:
            paths = dict(self._paths)
            total = self._bytes
        return {
            "total": len(self),
            "by_status": {str(status): count for status, count in self.by_status().items()},
            "by_error": self.by_error(),
            "by_path": paths,
            "bytes": total,
            "max_in_any_second": busiest,
            "max_served_in_any_second": busiest_served,
            "log": [asdict(record) for record in self.log(last)],
        }
