"""Prepares a service on its first request, so that the server can handle other requests at once."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from .protocol import target


class FirstUse:
    """WSGI middleware: the first request for a service waits until that service is prepared.

    Args:
        application: handles the request.
        service: the name in the request's signature.
        prepare: called once; if it raises, the request fails with that error, and the next request calls it again.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], service: str, prepare: Callable[[], None]) -> None:
        self._application = application
        self._service = service
        self._prepare = prepare
        self._lock = threading.Lock()
        self._is_prepared = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Handles one request."""
        if not self._is_prepared and target(environ).service == self._service:
            with self._lock:
                if not self._is_prepared:
                    self._prepare()
                    self._is_prepared = True
        return self._application(environ, start_response)
