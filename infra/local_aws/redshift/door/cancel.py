"""Cancel requests: which session a process id and key belong to."""

from __future__ import annotations

import secrets
import struct
import threading

from .messages import message
from .startup import Cancellation
from .upstream import Upstream


class CancelKeys:
    """The keys that sessions were given."""

    def __init__(self) -> None:
        self._upstreams: dict[Cancellation, Upstream] = {}
        self._lock = threading.Lock()

    def issue(self, upstream: Upstream) -> Cancellation:
        """A new key for a session."""
        key = Cancellation(upstream.connection.info.backend_pid, secrets.randbits(31))
        with self._lock:
            self._upstreams[key] = upstream
        return key

    def withdraw(self, key: Cancellation) -> None:
        """Forgets a session's key."""
        with self._lock:
            self._upstreams.pop(key, None)

    def cancel(self, request: Cancellation) -> None:
        """Cancels what a session runs. Ignores a key that is not known, as the protocol asks."""
        with self._lock:
            upstream = self._upstreams.get(request)
        if upstream is not None:
            upstream.cancel()


def key_data(key: Cancellation) -> bytes:
    """BackendKeyData."""
    return message(b"K", struct.pack("!ii", key.pid, key.key))
