"""Faults of the body: truncated, interrupted, or slow."""

from __future__ import annotations

import os
import socket
import struct
import time
import zlib
from collections.abc import Iterator
from typing import Literal

from flask import Request, Response
from pydantic import Field

from .fault import Fault


class TruncatedBodies(Fault):
    """200 with the first part of the JSON, as if it were complete."""

    name = "truncated_bodies"
    keep: float = Field(0.7, ge=0, lt=1, description="share of the body that is sent")

    def after(self, request: Request, response: Response) -> Response:
        """Truncates the body."""
        if response.status_code == 200 and self._hits(request):
            body = plain_body(response)
            replace_body(response, body[: int(len(body) * self.keep)])
        return response


class BrokenConnections(Fault):
    """The connection ends in the middle of a body: by a reset (TCP RST), or closed with Content-Length unmet."""

    name = "broken_connections"
    how: Literal["reset", "close"] = Field("reset", description="a reset, or a close before the announced length")
    keep: float = Field(0.5, ge=0, lt=1, description="share of the body that is sent")

    def after(self, request: Request, response: Response) -> Response:
        """Interrupts the connection."""
        if response.status_code == 200 and self._hits(request):
            body = plain_body(response)
            replace_body(response, body)
            sent_part = body[: int(len(body) * self.keep)]
            connection = request.environ["werkzeug.socket"] if self.how == "reset" else None
            response.response = _broken_after(sent_part, connection)
        return response


class SlowBodies(Fault):
    """The body arrives slowly, in small parts."""

    name = "slow_bodies"
    pieces: int = Field(20, ge=1, description="into which the body is cut")
    pause: float = Field(0.05, ge=0, description="seconds before each piece")

    def after(self, request: Request, response: Response) -> Response:
        """Sends the same body slowly, with its length in the headers."""
        if response.status_code == 200 and self._hits(request):
            body = plain_body(response)
            replace_body(response, body)
            response.response = _drips(body, self.pieces, self.pause)
        return response


def plain_body(response: Response) -> bytes:
    """The whole body, uncompressed."""
    body = b"".join(chunk if isinstance(chunk, bytes) else chunk.encode() for chunk in response.response)
    return zlib.decompress(body, wbits=31) if response.headers.get("Content-Encoding") == "gzip" else body


def replace_body(response: Response, body: bytes) -> None:
    """Sends another body, uncompressed and with its length, and keeps the other headers."""
    response.headers.pop("Content-Encoding", None)
    response.set_data(body)


def _drips(body: bytes, pieces: int, pause: float) -> Iterator[bytes]:
    step = -(-len(body) // pieces) or 1
    for start in range(0, len(body), step):
        time.sleep(pause)
        yield body[start : start + step]


def _broken_after(sent_part: bytes, to_reset: socket.socket | None) -> Iterator[bytes]:
    """Sends a part and drops the connection: the server then closes it, or the kernel resets it at once."""
    yield sent_part
    if to_reset is not None:
        to_reset.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The server sends FIN before it closes a connection, so replace the connection by a dead one.
        dead, other = socket.socketpair()
        other.close()
        with dead:
            os.dup2(dead.fileno(), to_reset.fileno())
    raise ConnectionResetError("a fault broke this connection")
