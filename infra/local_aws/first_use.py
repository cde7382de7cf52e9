"""Prepares services on their first request, so that the server can handle other requests at once."""

import threading
from collections.abc import Callable, Collection, Iterable
from typing import Any

from .protocol import target


class FirstUse:
    """WSGI middleware: the first request for one of some services waits until they are prepared.

    Args:
        application: handles the request.
        services: their names in the request's signature.
        prepare: called once; if it raises, the request fails with that error, and the next request calls it again.
    """

    def __init__(
        self, application: Callable[..., Iterable[bytes]], services: Collection[str], prepare: Callable[[], None]
    ) -> None:
        self._application = application
        self._services = services
        self._prepare = prepare
        self._lock = threading.Lock()
        self._is_prepared = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Handles one request."""
        if not self._is_prepared and target(environ).service in self._services:
            with self._lock:
                if not self._is_prepared:
                    self._prepare()
                    self._is_prepared = True
        return self._application(environ, start_response)
