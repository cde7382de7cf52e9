"""The output of a Glue job's run: keeps its last lines for the error message, and sends it to CloudWatch Logs."""

import logging
import threading
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from moto.logs.models import logs_backends

from ..access import AccessRequest
from ..room import append_whole
from . import spark

_LOG = logging.getLogger(__name__)
LOG_GROUP = "/aws-glue/jobs"
_TAIL_LINES = 2000


class JobLog:
    """The output of a run. Sends lines to CloudWatch Logs in batches, and keeps the last ones."""

    def __init__(self, account: str, region: str, run_id: str, path: Path) -> None:
        self.path = path
        self.tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self.accesses: set[AccessRequest] = set()
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
        """Adds one line of `output` or `error`."""
        with self._lock:
            if (access := spark.access(text)) is not None:
                self.accesses.add(access)
            self.tail.append(
                text
            )  # both streams: spark-submit passes the script's standard error on as standard output
            stamp = int(datetime.now(UTC).timestamp() * 1000)
            self._pending[stream].append({"timestamp": stamp, "message": text[:250_000] or " "})
            if time.monotonic() - self._sent > 0.5:
                self._send()

    def own_line(self, text: str) -> None:
        """Adds a message about the run, rather than from its process, also to the file, which may not exist yet."""
        try:
            with self.path.open("ab", buffering=0) as file:
                append_whole(file, f"{text}\n".encode())
        except OSError as failure:  # the run itself has the message too
            _LOG.warning("%s: could not write its last line: %s", self.path, failure)
        self.line("error", text)

    def flush(self) -> None:
        """Sends the remaining lines."""
        with self._lock:
            self._send()

    def _send(self) -> None:
        self._sent = time.monotonic()
        for stream, events in self._pending.items():
            if events:
                self._backend.put_log_events(f"{LOG_GROUP}/{stream}", self._stream, events)
                self._pending[stream] = []
