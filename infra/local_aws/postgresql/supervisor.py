"""Starts a PostgreSQL server again when it ends without having been told to."""

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
"""Whoever ends more often than there are pauses within this time is started once in as many seconds."""


class Supervisor:
    """Watches one server, in a thread.

    Args:
        wait_for_end: blocks until the server has ended; returns at once when there is none.
        start_again: starts it; raises when it cannot.
        log: the server's own log, which messages name.
    """

    def __init__(self, wait_for_end: Callable[[], object], start_again: Callable[[], None], log: Path) -> None:
        self._wait_for_end, self._start_again, self._server_log = wait_for_end, start_again, log
        self._is_told_to_end = threading.Event()
        self._ends: list[float] = []
        self.problem: str | None = None
        """Why there is no server, in a sentence, while starting it again has been in vain."""

    def begin(self) -> None:
        """Watch the server, which runs."""
        threading.Thread(target=self._watch, name="postgresql-supervisor", daemon=True).start()

    def end(self) -> None:
        """Watch it no longer. To be called before the server is stopped."""
        self._is_told_to_end.set()

    def _watch(self) -> None:
        while True:
            self._wait_for_end()
            if self._is_told_to_end.wait(self._pause()):
                return
            try:
                self._start_again()
            except Exception as error:  # noqa: BLE001  whatever it was, the next try may succeed
                _LOG.error("PostgreSQL could not be started again: %s", error)
                continue
            self.problem = None
            _LOG.warning("PostgreSQL runs again; statements that were under way have failed, later ones work")

    def _pause(self) -> float:
        """Take down that the server has ended; how many seconds to wait before it is started again."""
        if self._is_told_to_end.is_set():
            return 0.0
        now = time.monotonic()
        self._ends = [*(at for at in self._ends if now - at < _WINDOW_SECONDS), now]
        if len(self._ends) <= len(_PAUSES):
            _LOG.error("PostgreSQL has ended and is started again; its log is %s", self._server_log)
            return _PAUSES[len(self._ends) - 1]
        self.problem = (
            f"the warehouse's PostgreSQL ends whenever it is started; its log is {self._server_log}. "
            f"Another try follows every {_LATE_PAUSE_SECONDS:.0f} s"
        )
        _LOG.error(self.problem)
        return _LATE_PAUSE_SECONDS
