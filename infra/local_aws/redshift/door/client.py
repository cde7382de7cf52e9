"""The client's side of a connection: its socket, TLS, and the messages that have arrived."""

from __future__ import annotations

import select
import socket
import ssl
import struct
from contextlib import suppress

from .messages import HEAD_BYTES

LARGEST_MESSAGE = 16 * 1024 * 1024 + 1024
"""Bytes. Redshift accepts statements of 16 MB.
Source: https://docs.aws.amazon.com/redshift/latest/dg/c_redshift-sql.html
"""
_LARGEST_PACKET = 10_000
_RECEIVE_BYTES = 64 * 1024
_HUNG_UP = getattr(select, "POLLRDHUP", select.POLLHUP)
_LENGTH = struct.Struct("!i")


class Gone(Exception):
    """The client has closed its connection, or broke the protocol's framing."""


class Client:
    """A client's socket.

    Args:
        raw: The accepted socket. It blocks.
        closing: A descriptor that is readable once the door closes.
    """

    def __init__(self, raw: socket.socket, closing: int) -> None:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._socket: socket.socket = raw
        self._closing = closing
        self._received = bytearray()

    @property
    def is_encrypted(self) -> bool:
        """Whether it speaks TLS."""
        return isinstance(self._socket, ssl.SSLSocket)

    @property
    def is_local(self) -> bool:
        """Whether it connected over the loopback."""
        return str(self._socket.getpeername()[0]).startswith("127.")

    @property
    def descriptor(self) -> int:
        """The socket's file descriptor, for `poll`."""
        return self._socket.fileno()

    @property
    def has_bytes(self) -> bool:
        """Whether bytes have arrived that `poll` on the descriptor does not report."""
        return isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0

    def wait_at_most(self, seconds: float | None) -> None:
        """Limits the time of each send and receive. None: no limit."""
        self._socket.settimeout(seconds)

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Speaks TLS from now on.

        Raises:
            Gone: The client sent plain bytes after its request, which someone in between may have added.
        """
        if self._received:
            raise Gone
        self._socket = context.wrap_socket(self._socket, server_side=True)

    def packet(self) -> bytes:
        """The body of a packet without a kind, as the first ones are."""
        (length,) = _LENGTH.unpack(self._take(4))
        if not 8 <= length <= _LARGEST_PACKET:
            raise Gone
        return self._take(length - 4)

    def password(self) -> bytes:
        """The body of the next message, which must be a password's."""
        head = self._take(HEAD_BYTES)
        (length,) = _LENGTH.unpack_from(head, 1)
        if head[:1] != b"p" or not 4 <= length <= _LARGEST_PACKET:
            raise Gone
        return self._take(length - 4)

    def _take(self, size: int) -> bytes:
        while len(self._received) < size:
            self.receive()
        part = bytes(self._received[:size])
        del self._received[:size]
        return part

    def receive(self) -> None:
        """Waits for bytes. Raises Gone at their end."""
        part = self._socket.recv(_RECEIVE_BYTES)
        if not part:
            raise Gone
        self._received += part

    def message(self) -> tuple[bytes, bytes] | None:
        """The next message that has arrived whole: its kind and body.

        Raises:
            Gone: Its length is impossible.
        """
        received = self._received
        if len(received) < HEAD_BYTES:
            return None
        (length,) = _LENGTH.unpack_from(received, 1)
        if not 4 <= length <= LARGEST_MESSAGE:
            raise Gone
        if len(received) < length + 1:
            return None
        kind = bytes(received[:1])
        body = bytes(received[HEAD_BYTES : length + 1])
        del received[: length + 1]
        return kind, body

    def send(self, content: bytes) -> None:
        """Sends bytes, and waits until the system has accepted them."""
        self._socket.sendall(content)

    def watch(self, poll: select.poll, *, reads: bool) -> None:
        """Registers the socket with a poll that notices when the client hangs up or the door closes.

        Args:
            poll: The poll.
            reads: Whether it also notices that bytes have arrived.
        """
        poll.register(self._socket, select.POLLIN if reads else _HUNG_UP)
        poll.register(self._closing, select.POLLIN)

    def close(self) -> None:
        """Ends the connection; in TLS with the closing message, without which clients report an error."""
        if isinstance(self._socket, ssl.SSLSocket):
            with suppress(OSError, ValueError):  # it does not wait for the client's closing message
                self._socket.settimeout(0)
                self._socket.unwrap()
        self._socket.close()

    def abort(self) -> None:
        """Ends the connection at once, whatever its thread waits for. Called from another thread."""
        with suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
