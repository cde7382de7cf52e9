"""The output of a Glue job's run: its end, for the error, and its way into CloudWatch Logs."""

import logging
import threading
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from moto.logs.models import logs_backends

from ..access import Ask
from ..room import append_whole
from . import spark

_LOG = logging.getLogger(__name__)
LOG_GROUP = "/aws-glue/jobs"
_TAIL_LINES = 2000


class JobLog:
    """The end of a run's output, and its way into CloudWatch Logs, where lines go in batches."""

    def __init__(self, account: str, region: str, run_id: str, path: Path) -> None:
        self.path = path
        self.tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self.accesses: set[Ask] = set()
        self._lock = threading.Lock()
        self._pending: dict[str, list[dict[str, Any]]] = {"output": [], "error": []}
        self._sent = time.monotonic()
        self._stream = run_id
        self._backend = logs_backends[account][region]
        for name in self._pending:
            group = f"{LOG_GROUP}/{name}"
            if group not in self._backend.groups:
                self._backend.create_log_group(group, {})
            self._backend.create_log_stream(group, self._stream)

    def line(self, stream: str, text: str) -> None:
        """Takes one line of `output` or `error`."""
        with self._lock:
            if (access := spark.access(text)) is not None:
                self.accesses.add(access)
            self.tail.append(text)  # both: spark-submit hands the script's standard error on as standard output
            stamp = int(datetime.now(UTC).timestamp() * 1000)
            self._pending[stream].append({"timestamp": stamp, "message": text[:250_000] or " "})
            if time.monotonic() - self._sent > 0.5:
                self._send()

    def own_line(self, text: str) -> None:
        """Adds what is said of the run itself, and not by its process: also to the file, which may not exist yet."""
        try:
            with self.path.open("ab", buffering=0) as file:
                append_whole(file, f"{text}\n".encode())
        except OSError as failure:  # the run itself has it, too
            _LOG.warning("%s: its last line is missing: %s", self.path, failure)
        self.line("error", text)

    def flush(self) -> None:
        """Sends what is left."""
        with self._lock:
            self._send()

    def _send(self) -> None:
        self._sent = time.monotonic()
        for stream, events in self._pending.items():
            if events:
                self._backend.put_log_events(f"{LOG_GROUP}/{stream}", self._stream, events)
                self._pending[stream] = []
