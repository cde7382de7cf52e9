"""Restarts a PostgreSQL server that ends unexpectedly."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

_LOG = logging.getLogger(__name__)
_PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Seconds before each start within a minute."""
_WINDOW_SECONDS = _LATE_PAUSE_SECONDS = 60.0
"""A server that ends more often than there are pauses in this time is only restarted at this interval."""


class Supervisor:
    """Watches one server, in a thread.

    Args:
        wait_for_end: blocks until the server has ended; returns at once if there is none.
        start_again: starts the server; raises if that fails.
        log: the server's own log, which messages name.
    """

    def __init__(self, wait_for_end: Callable[[], object], start_again: Callable[[], None], log: Path) -> None:
        self._wait_for_end = wait_for_end
        self._start_again = start_again
        self._server_log = log
        self._stopped = threading.Event()
        self._ends: list[float] = []
        self.problem: str | None = None
        """Why there is no server, as a sentence, while restarts keep failing."""

    def begin(self) -> None:
        """Starts to watch the running server."""
        threading.Thread(target=self._watch, name="postgresql-supervisor", daemon=True).start()

    def end(self) -> None:
        """Stops watching. Call it before you stop the server."""
        self._stopped.set()

    def _watch(self) -> None:
        while True:
            self._wait_for_end()
            if self._stopped.wait(self._pause()):
                return
            try:
                self._start_again()
            except Exception as error:  # noqa: BLE001  whatever the error, the next attempt may succeed
                _LOG.error("could not restart PostgreSQL: %s", error)
                continue
            self.problem = None
            _LOG.warning("PostgreSQL runs again; statements in progress have failed, later ones work")

    def _pause(self) -> float:
        """Records that the server has ended. Returns how many seconds to wait before the restart."""
        if self._stopped.is_set():
            return 0.0
        moment = time.monotonic()
        self._ends = [*(end for end in self._ends if moment - end < _WINDOW_SECONDS), moment]
        if len(self._ends) <= len(_PAUSES):
            _LOG.error("PostgreSQL has ended and will be restarted; its log is %s", self._server_log)
            return _PAUSES[len(self._ends) - 1]
        self.problem = (
            f"the warehouse's PostgreSQL ends whenever it is started; its log is {self._server_log}. "
            f"The next attempt follows in {_LATE_PAUSE_SECONDS:.0f} s"
        )
        _LOG.error(self.problem)
        return _LATE_PAUSE_SECONDS
