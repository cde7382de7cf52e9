"""The warehouse's port: accepts Redshift's clients, one thread each."""

from __future__ import annotations

import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

from ..database.warehouse import DATABASE, USER, Warehouse
from ..threads import start_deep
from .connection import Connection, House
from .credentials import Credentials, DatabasePasswords
from .services import Services
from .tls import AUTHORITY, server_context

_LOG = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"
MOST_CONNECTIONS = 500
"""As a cluster of Redshift. Source: https://docs.aws.amazon.com/redshift/latest/mgmt/amazon-redshift-limits.html"""
_MOST_THREADS = MOST_CONNECTIONS + 50
"""Some more, which get the error that there are too many."""
_CLOSE_SECONDS = 5.0


class Door:
    """Listens on the warehouse's port.

    Args:
        warehouse: The database behind it, which has been started.
        services: Returns what statements need besides it; called when a client has logged in.
        port: 0 for a free one.
        host: The address to listen on.
        hosts: Names that clients use for this machine, for the certificate.
        credentials: Checks passwords; None: the passwords of the database's users.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        services: Callable[[], Services],
        port: int = 0,
        host: str = LOOPBACK,
        hosts: Iterable[str] = (),
        credentials: Credentials | None = None,
    ) -> None:
        self.warehouse = warehouse
        self._hosts = ("localhost", LOOPBACK, *hosts)
        self._folder: Path = warehouse.home.state
        self._listener = socket.create_server((host, port), backlog=256)
        self.port = int(self._listener.getsockname()[1])
        self._context: ssl.SSLContext | None = None
        self._lock = threading.Lock()
        self._connections: set[Connection] = set()
        self._is_closing = threading.Event()
        self._closing, self._closing_end = os.pipe()
        passwords = credentials or DatabasePasswords(warehouse)
        self._house = House(warehouse, services, passwords, self.tls, self._closing, self._is_closing)

    @property
    def dsn(self) -> str:
        """libpq URL for the administrator. It names the password's file, not the password."""
        return (
            f"postgresql://{USER}@{LOOPBACK}:{self.port}/{DATABASE}?passfile={quote(str(self.warehouse.home.passfile))}"
        )

    @property
    def authority(self) -> Path:
        """The certificate authority's file, which clients trust."""
        return self._folder / AUTHORITY

    def start(self) -> None:
        """Accepts clients, in threads, until `close`. Makes the certificates meanwhile."""
        threading.Thread(target=self._accept, name="warehouse-door", daemon=True).start()
        threading.Thread(target=self.tls, name="warehouse-certificates", daemon=True).start()

    def tls(self) -> ssl.SSLContext:
        """TLS with the server's certificate."""
        with self._lock:
            if self._context is None:
                self._context = server_context(self._folder, self._hosts)
            return self._context

    def close(self) -> None:
        """Stops listening and ends all sessions. Their statements are cancelled, and the clients get the reason."""
        self._is_closing.set()
        os.close(self._closing_end)
        self._listener.shutdown(socket.SHUT_RDWR)  # ends the thread that accepts
        self._listener.close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        deadline = time.monotonic() + _CLOSE_SECONDS
        for connection in connections:
            if not connection.ended.wait(max(deadline - time.monotonic(), 0)):
                connection.abort()
        os.close(self._closing)

    def _accept(self) -> None:
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                if self._is_closing.is_set():
                    return
                _LOG.exception("could not accept a connection to the warehouse")
                continue
            self._serve(accepted)

    def _serve(self, accepted: socket.socket) -> None:
        with self._lock:
            count = len(self._connections)
            if count >= _MOST_THREADS:
                accepted.close()
                return
            connection = Connection(self._house, accepted, count >= MOST_CONNECTIONS, self._forget)
            self._connections.add(connection)
        try:
            start_deep("warehouse-client", connection.run)
        except RuntimeError:  # no room for another thread
            self._forget(connection)
            accepted.close()

    def _forget(self, connection: Connection) -> None:
        """Removes a connection that has ended."""
        with self._lock:
            self._connections.discard(connection)
