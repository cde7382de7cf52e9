"""PostgreSQL's side of a connection: sends requests, and relays the replies to the client.

Replies are walked message by message by their heads; rows are never decoded. Between two requests, when PostgreSQL is
idle, psycopg may use the same connection: so COPY, UNLOAD and external tables take part in the client's transaction.
"""

from __future__ import annotations

import os
import select
import socket
import struct
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from psycopg.pq import TransactionStatus

from . import replies
from .client import Client, Gone
from .messages import HEAD_BYTES, complete, message, query

_RECEIVE_BYTES = 256 * 1024
_SEND_BYTES = 128 * 1024
_LENGTH = struct.Struct("!i")
_ROW, _ERROR, _READY = ord("D"), ord("E"), ord("Z")
_STATUSES: dict[int, bytes] = {TransactionStatus.INTRANS: b"T", TransactionStatus.INERROR: b"E"}


class ServerEnded(Exception):
    """PostgreSQL has closed the connection."""


class ProtocolViolation(Exception):
    """PostgreSQL sent a message that the client did not ask for, such as the start of COPY."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to expect.

    Attributes:
        ends: The kinds of the message that ends it.
        shown: Whether the client sees it; otherwise it sees notices and errors only.
        rows: Whether the client sees rows and their description.
        tag: The tag of CommandComplete; None for PostgreSQL's.
    """

    ends: bytes
    shown: bool = True
    rows: bool = True
    tag: bytes | None = None


COMMAND = Reply(b"CI")
HIDDEN = Reply(b"CI", shown=False)
HIDDEN_READY = Reply(b"Z", shown=False)
READY = Reply(b"Z")


class Upstream:
    """One session of PostgreSQL, and the client that its replies are for."""

    def __init__(self, connection: psycopg.Connection, client: Client) -> None:
        self.connection = connection
        self._client = client
        self._socket = socket.socket(fileno=os.dup(connection.fileno()))
        self._socket.setblocking(False)  # psycopg's own socket is the same, and does not block either
        self._buffer = bytearray()
        self._poll = select.poll()
        client.watch(self._poll, reads=False)
        self._pending: deque[Reply] = deque()
        self.status = b"I"
        self.has_failed = False
        """Whether the last exchange had an error."""
        self.untranslated: str | None = None
        """Dynamic SQL that the last exchange asked to translate, see `calls`. The client does not see that error."""

    @property
    def descriptor(self) -> int:
        """The socket's file descriptor, for `poll`."""
        return self._socket.fileno()

    def close(self) -> None:
        """Ends the session. Uncommitted changes are rolled back."""
        self._socket.close()
        self.connection.close()

    def cancel(self) -> None:
        """Cancels the running statement. Called from any thread."""
        try:
            self.connection.cancel_safe(timeout=10)
        except psycopg.Error:  # the server has ended, and with it the statement
            return

    def refresh(self) -> None:
        """Takes over the transaction's status after psycopg has used the connection."""
        self.status = _STATUSES.get(self.connection.pgconn.transaction_status, b"I")

    def run_hidden(self, sql: str) -> bool:
        """Runs one statement that the client does not see. It sees an error. Returns whether it worked."""
        return self.exchange(query(sql), (HIDDEN, HIDDEN_READY))

    def exchange(self, request: bytes, expected: Iterable[Reply]) -> bool:
        """Sends a request and relays the replies until the last expected one.

        After an error, PostgreSQL skips all replies but ReadyForQuery.

        Returns:
            Whether there was no error.

        Raises:
            Gone: The client hung up, or the door closes; the statement was cancelled.
            ServerEnded: PostgreSQL closed the connection.
            ProtocolViolation: PostgreSQL sent something unexpected.
        """
        self._pending = deque(expected)
        self.has_failed = False
        self.untranslated = None
        unsent = memoryview(request)
        output: list[bytes] = []
        size = 0
        while self._pending:
            if unsent:
                unsent = unsent[self._send(unsent) :]
            part = self._receive()
            if part is None:
                if size:
                    self._client.send(b"".join(output))
                    output.clear()
                    size = 0
                self._wait(bool(unsent))
                continue
            size += self._walk(part, output)
            if size >= _SEND_BYTES:
                self._client.send(b"".join(output))
                output.clear()
                size = 0
        if size:
            self._client.send(b"".join(output))
        return not self.has_failed

    def receive_idle(self) -> None:
        """Relays what PostgreSQL sends by itself, such as the reason for its end. Raises ServerEnded at the end."""
        part = self._receive()
        while part is not None:
            output: list[bytes] = []
            self._walk(part, output)
            self._client.send(b"".join(output))
            part = self._receive()

    def _send(self, content: memoryview) -> int:
        try:
            return self._socket.send(content)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise ServerEnded from error

    def _receive(self) -> bytes | None:
        """The bytes that have arrived; None if there are none yet."""
        try:
            part = self._socket.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return None
        except OSError as error:
            raise ServerEnded from error
        if not part:
            raise ServerEnded
        return part

    def _wait(self, is_sending: bool) -> None:
        """Waits for PostgreSQL. If the client hangs up or the door closes meanwhile, cancels the statement."""
        self._poll.register(self._socket, select.POLLIN | (select.POLLOUT if is_sending else 0))
        own = self._socket.fileno()
        if any(descriptor != own for descriptor, _ in self._poll.poll()):
            self.cancel()
            raise Gone

    def _walk(self, part: bytes, output: list[bytes]) -> int:
        """Adds to `output` what the client shall see of the whole messages. Returns how many bytes that are."""
        buffer = self._buffer
        buffer += part
        unpack = _LENGTH.unpack_from
        at = start = size = 0
        last = len(buffer) - HEAD_BYTES
        shows_rows = self._shows_rows()
        while at <= last:
            kind = buffer[at]
            following = at + unpack(buffer, at + 1)[0] + 1
            if following > len(buffer):
                break
            if kind == _ROW and shows_rows:
                at = following
                continue
            if start < at:
                output.append(bytes(buffer[start:at]))
                size += at - start
            seen = self._seen(kind, bytes(buffer[at + HEAD_BYTES : following]))
            if seen:
                output.append(seen)
                size += len(seen)
            at = start = following
            shows_rows = self._shows_rows()
        if start < at:
            output.append(bytes(buffer[start:at]))
            size += at - start
        del buffer[:at]
        return size

    def _shows_rows(self) -> bool:
        return bool(self._pending) and self._pending[0].shown and self._pending[0].rows

    def _seen(self, kind: int, body: bytes) -> bytes:
        """The bytes that the client sees of one message. Ends the expected reply with it."""
        letter = bytes((kind,))
        if letter == b"N":
            return replies.notice(body)
        if letter == b"S":
            return message(b"S", body) if replies.is_reported(body) else b""
        if letter == b"A":
            return b""
        if kind == _ERROR:
            self._fail()
            self.untranslated = replies.untranslated(body)
            is_hidden = self.untranslated is not None or replies.is_end_of_server(body)
            return b"" if is_hidden else replies.failure(body)
        if letter in b"GHW":
            raise ProtocolViolation
        reply = self._pending[0] if self._pending else READY
        if kind == _READY:
            self.status = body
        if letter in reply.ends and self._pending:
            self._pending.popleft()
        return _shown(letter, body, reply)

    def _fail(self) -> None:
        """PostgreSQL skips what was asked of it up to the next Sync, if there is one among the expected replies."""
        self.has_failed = True
        while self._pending and b"Z" not in self._pending[0].ends:
            self._pending.popleft()


def _shown(letter: bytes, body: bytes, reply: Reply) -> bytes:
    if not reply.shown or (letter in b"TD" and not reply.rows):
        return b""
    if letter == b"T":
        return replies.row_description(body)
    if letter == b"C":
        return replies.tag(body) if reply.tag is None else complete(reply.tag)
    return message(letter, body)
