"""One connection of a client, from its first packet to its end."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from ..database.warehouse import Warehouse, WarehouseError
from .authentication import AUTHENTICATED, Refusal, authenticate, open_session
from .cancel import CancelKeys, key_data
from .client import Client, Gone
from .credentials import Credentials
from .messages import error, parameter_status, ready
from .services import Services
from .startup import Cancellation, Startup, begin
from .upstream import ProtocolViolation, ServerEnded, Upstream

_LOG = logging.getLogger(__name__)
_LOGIN_SECONDS = 60.0
_CANCEL_KEYS = CancelKeys()
_SERVER_ENDED = "the warehouse's server has ended and is being restarted: connect again"
_CLOSING = "terminating connection due to administrator command"
_PARAMETERS = {
    "server_version": "8.0.2",
    "server_encoding": "UNICODE",
    "client_encoding": "UTF8",
    "integer_datetimes": "on",
    "padb_version": "1.0.77467",
    "padb_revision": "0000000000",
    "max_numeric_precision": "38",
    "max_varchar_size": "65535",
    "datashare_enabled": "off",
    "external_database": "off",
    "case_sensitive": "on",
    "show_discovery": "4",
}
"""What Redshift reports to its drivers. Below version 8.2, they expect no row count in a tag. `show_discovery` makes
them list objects by SHOW. `server_protocol_version` is missing, so they use the plain protocol."""
_OWN_PARAMETERS = ("DateStyle", "TimeZone", "is_superuser", "session_authorization", "application_name")
"""Parameters that PostgreSQL reports, and whose values are the session's."""


@dataclass(frozen=True, slots=True)
class House:
    """The services behind the port.

    Attributes:
        warehouse: The database.
        services: Returns what statements need besides it.
        credentials: Checks passwords.
        tls: Returns TLS with the server's certificate.
        closing: A descriptor that is readable once the port closes.
        is_closing: Set before that.
    """

    warehouse: Warehouse
    services: Callable[[], Services]
    credentials: Credentials
    tls: Callable[[], ssl.SSLContext]
    closing: int
    is_closing: threading.Event


class Connection:
    """A client that has connected.

    Args:
        house: The services behind the port.
        accepted: The client's socket.
        is_refused: Whether there are too many connections.
        forget: Called with the connection at its end.
    """

    def __init__(
        self, house: House, accepted: socket.socket, is_refused: bool, forget: Callable[[Connection], object]
    ) -> None:
        self._house = house
        self._forget = forget
        self._client = Client(accepted, house.closing)
        self._is_refused = is_refused
        self._upstream: Upstream | None = None
        self.ended = threading.Event()

    def run(self) -> None:
        """Serves the client until its end, whatever ends it."""
        try:
            self._serve()
        except (Gone, ConnectionError, TimeoutError, ssl.SSLError):
            self._say_why()
        except Refusal as refusal:
            self._end_with(error(str(refusal), refusal.code, "FATAL"))
        except ServerEnded:
            self._end_with(error(_SERVER_ENDED, "57P02", "FATAL"))
        except ProtocolViolation:
            self._end_with(error("COPY FROM STDIN and COPY TO STDOUT are not supported", "08P01", "FATAL"))
        except Exception:  # noqa: BLE001  a fault of ours: the server goes on without this client
            _LOG.exception("a connection to the warehouse failed in the local Redshift itself")
            self._end_with(error("internal error of the local Redshift; its log has the reason", "XX000", "FATAL"))
        finally:
            self._client.close()
            self._forget(self)
            self.ended.set()

    def cancel(self) -> None:
        """Cancels what the session runs. Called from another thread."""
        if self._upstream is not None:
            self._upstream.cancel()

    def abort(self) -> None:
        """Ends the connection at once. Called from another thread."""
        self._client.abort()

    def _say_why(self) -> None:
        if self._house.is_closing.is_set():
            self._end_with(error(_CLOSING, "57P01", "FATAL"))

    def _end_with(self, reason: bytes) -> None:
        try:
            self._client.send(reason)
        except (OSError, ValueError):  # the client has gone, too
            return

    def _serve(self) -> None:
        self._client.wait_at_most(_LOGIN_SECONDS)
        startup = begin(self._client, self._house.tls)
        if isinstance(startup, Cancellation):
            _CANCEL_KEYS.cancel(startup)
            return
        if self._is_refused:
            raise Refusal("too many connections", "53300")
        role = self._log_in(startup)
        connection = open_session(self._house.warehouse, role, startup)
        self._client.wait_at_most(None)
        upstream = Upstream(connection, self._client)
        self._upstream = upstream
        key = _CANCEL_KEYS.issue(upstream)
        try:
            self._client.send(_greeting(connection, key))
            self._serve_statements(upstream)
        finally:
            _CANCEL_KEYS.withdraw(key)
            upstream.close()

    def _log_in(self, startup: Startup) -> str:
        try:
            return authenticate(self._client, startup, self._house.credentials)
        except (WarehouseError, psycopg.OperationalError) as failure:
            _LOG.warning("could not check a password: %s", failure)
            raise Refusal(_SERVER_ENDED, "57P03") from failure

    def _serve_statements(self, upstream: Upstream) -> None:
        from .session import serve  # the translator takes 45 MB and half a second, and some clients only log in

        serve(self._client, upstream, self._house.warehouse, self._house.services())


def _greeting(connection: psycopg.Connection, key: Cancellation) -> bytes:
    own = {name: connection.info.parameter_status(name) or "" for name in _OWN_PARAMETERS}
    reports = [parameter_status(name, value) for name, value in {**_PARAMETERS, **own}.items()]
    return AUTHENTICATED + b"".join(reports) + key_data(key) + ready(b"I")
