"""What a service needs is made with the first request for it, so that the server answers the others at once."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from .protocol import target


class FirstUse:
    """WSGI middleware: the first request for a service waits until that service is prepared.

    Args:
        application: answers the request.
        service: the name in the request's signature.
        prepare: called once; if it raises, the request fails with that error and the next one calls it again.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], service: str, prepare: Callable[[], None]) -> None:
        self._application, self._service, self._prepare = application, service, prepare
        self._lock = threading.Lock()
        self._is_prepared = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers one request."""
        if not self._is_prepared and target(environ).service == self._service:
            with self._lock:
                if not self._is_prepared:
                    self._prepare()
                    self._is_prepared = True
        return self._application(environ, start_response)
