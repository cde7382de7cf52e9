"""A client that speaks the PostgreSQL protocol message by message."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable

SYNC, FLUSH = (b"S", b""), (b"H", b"")


class Wire:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.parameters: dict[str, str] = {}
        self.key = (0, 0)

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def packet(self, code: int, body: bytes = b"") -> None:
        """A packet of the start, which has no kind."""
        self.socket.sendall(struct.pack("!ii", len(body) + 8, code) + body)

    def send(self, *messages: tuple[bytes, bytes]) -> None:
        self.socket.sendall(b"".join(kind + struct.pack("!i", len(body) + 4) + body for kind, body in messages))

    def exactly(self, size: int) -> bytes:
        content = b""
        while len(content) < size:
            part = self.socket.recv(size - len(content))
            if not part:
                raise EOFError
            content += part
        return content

    def receive(self) -> tuple[str, bytes]:
        head = self.exactly(5)
        (length,) = struct.unpack_from("!i", head, 1)
        return head[:1].decode(), self.exactly(length - 4)

    def until(self, kind: str = "Z") -> list[tuple[str, bytes]]:
        """The messages up to the first of a kind."""
        messages = [self.receive()]
        while messages[-1][0] != kind:
            messages.append(self.receive())
        return messages

    def log_in(self, user: str, password: str, database: str = "dev", code: int = 196608, **more: str) -> list[str]:
        """Logs in; returns the kinds of the messages before the first ReadyForQuery."""
        parameters = {"user": user, "database": database, **more}
        text = b"".join(f"{name}\0{value}\0".encode() for name, value in parameters.items()) + b"\0"
        self.packet(code, text)
        kinds = [self.receive()[0]]
        while kinds[-1] != "R":
            kinds.append(self.receive()[0])
        self.send((b"p", password.encode() + b"\0"))
        for kind, body in self.until():
            kinds.append(kind)
            if kind == "S":
                name, value = body.decode().split("\0")[:2]
                self.parameters[name] = value
            if kind == "K":
                self.key = struct.unpack("!ii", body)
        return kinds

    def query(self, sql: str) -> list[tuple[str, bytes]]:
        self.send((b"Q", sql.encode() + b"\0"))
        return self.until()


def parse(sql: str, name: str = "") -> tuple[bytes, bytes]:
    return b"P", name.encode() + b"\0" + sql.encode() + b"\0\0\0"


def bind(*values: str, name: str = "", portal: str = "") -> tuple[bytes, bytes]:
    encoded = b"".join(struct.pack("!i", len(value.encode())) + value.encode() for value in values)
    body = portal.encode() + b"\0" + name.encode() + b"\0" + struct.pack("!hh", 0, len(values)) + encoded
    return b"B", body + b"\0\0"


def describe(portal: str = "") -> tuple[bytes, bytes]:
    return b"D", b"P" + portal.encode() + b"\0"


def execute(portal: str = "", rows: int = 0) -> tuple[bytes, bytes]:
    return b"E", portal.encode() + b"\0" + struct.pack("!i", rows)


def kinds(messages: Iterable[tuple[str, bytes]]) -> str:
    return "".join(kind for kind, _ in messages)


def fields(body: bytes) -> dict[str, str]:
    """The fields of an error or notice."""
    return {part[:1].decode(): part[1:].decode() for part in body.split(b"\0") if part}


def values(body: bytes) -> list[str | None]:
    """The values of a row."""
    (count,) = struct.unpack_from("!h", body)
    at = 2
    row: list[str | None] = []
    for _ in range(count):
        (length,) = struct.unpack_from("!i", body, at)
        at += 4
        row.append(None if length < 0 else body[at : at + length].decode())
        at += max(length, 0)
    return row


def rows(messages: Iterable[tuple[str, bytes]]) -> list[list[str | None]]:
    return [values(body) for kind, body in messages if kind == "D"]


def tags(messages: Iterable[tuple[str, bytes]]) -> list[str]:
    return [body.rstrip(b"\0").decode() for kind, body in messages if kind == "C"]


def errors(messages: Iterable[tuple[str, bytes]]) -> list[tuple[str, str]]:
    """Code and message of each error."""
    return [(fields(body)["C"], fields(body)["M"]) for kind, body in messages if kind == "E"]
