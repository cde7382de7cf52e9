"""How the server handles HTTP: persistent connections, no log line and no search per request.

Werkzeug's development server closes every connection after waiting 10 ms for bytes that never come. moto then tries a
few hundred patterns to find the service. A pipeline that makes thousands of small calls would spend most of its time
on this.
"""

import functools
import io
import logging
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

from .protocol import target

_LOG = logging.getLogger(__name__)
_BODYLESS = ("204", "304")


class Application(DomainDispatcherApplication):
    """moto's dispatcher with a cache of the service of each host name."""

    def __init__(self) -> None:
        super().__init__(_backend_app)
        self.get_backend_for_host = functools.lru_cache(maxsize=1024)(super().get_backend_for_host)


def _backend_app(service: Any) -> Any:
    """The application of one service. Raises NotImplementedError if moto does not know the service."""
    if service is None:
        raise NotImplementedError("no such service")
    return create_backend_app(service)


class OwnServices:
    """WSGI middleware: services that moto lacks have an application of their own.

    Args:
        application: handles the requests for all other services.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self.by_signature: dict[str, Callable[..., Iterable[bytes]]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Handles one request."""
        application = self.by_signature.get(target(environ).service, self._application)
        return application(environ, start_response)


class RequestHandler(MotoRequestHandler):
    """Handles many requests on one connection.

    It reads the whole body before the application runs (as moto does anyway), so that the next request always starts
    where this one ended.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Logs nothing: clients see their own errors, and thousands of lines don't help."""

    def log_error(self, format: str, *args: Any) -> None:  # noqa: A002  its base class names it so
        """Logs nothing: the client reports a broken connection."""

    def handle_expect_100(self) -> bool:
        """Lets the client send its body at once. It would otherwise wait a second for permission."""
        proceed: bool = super().handle_expect_100()
        self.wfile.flush()
        return proceed

    def run_wsgi(self) -> None:
        """Handles one request."""
        environ = self.make_environ()
        content = environ["wsgi.input"]
        chunked = environ.get("wsgi.input_terminated", False)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = content.read() if chunked else content.read(length)
        if len(body) < length and not chunked:  # the client has gone, or was killed: ignore the request
            self.close_connection = True
            return
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        self.environ = environ
        try:
            status, headers, payload = _answer(self.server.app, environ)
        except Exception:  # noqa: BLE001  one bad request must not end the server
            _LOG.exception("%s %s failed", self.command, self.path)
            status = "500 Internal Server Error"
            headers = []
            payload = b""
        try:
            self._send(status, headers, payload)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True

    def _send(self, status: str, headers: list[tuple[str, str]], payload: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            if name.lower() not in ("content-length", "connection"):
                self.send_header(name, value)
        if self.command == "HEAD":
            length = next((value for name, value in headers if name.lower() == "content-length"), "0")
            self.send_header("Content-Length", length)
        elif code not in _BODYLESS:
            self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if self.command != "HEAD" and code not in _BODYLESS:
            self.wfile.write(payload)
        self.wfile.flush()


def _answer(
    application: Callable[..., Iterable[bytes]], environ: dict[str, Any]
) -> tuple[str, list[tuple[str, str]], bytes]:
    response: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        response[:] = [status, headers]
        return lambda _data: None

    chunks = application(environ, start_response)
    try:
        payload = b"".join(chunks)
    finally:
        if (close := getattr(chunks, "close", None)) is not None:
            close()
    return response[0], response[1], payload
