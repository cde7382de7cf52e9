"""Messages of the PostgreSQL protocol: a byte for the kind, four bytes for the length, and the body.

Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

from __future__ import annotations

import struct

HEAD_BYTES = 5
_LENGTH = struct.Struct("!i")


def message(kind: bytes, body: bytes = b"") -> bytes:
    """A whole message."""
    return kind + _LENGTH.pack(len(body) + 4) + body


def _fields(severity: str, code: str, text: str, more: dict[str, str]) -> bytes:
    fields = {"S": severity, "V": severity, "C": code, "M": text, **more}
    return b"".join(key.encode() + value.encode() + b"\0" for key, value in fields.items()) + b"\0"


def error(text: str, code: str, severity: str = "ERROR", more: dict[str, str] | None = None) -> bytes:
    """ErrorResponse.

    Args:
        text: The message, without `ERROR:`.
        code: The SQLSTATE.
        severity: ERROR, or FATAL if the connection ends.
        more: Other fields by their letter, such as D for the detail.
    """
    return message(b"E", _fields(severity, code, text, more or {}))


def notice(text: str) -> bytes:
    """NoticeResponse, for information."""
    return message(b"N", _fields("INFO", "00000", text, {}))


def complete(tag: bytes) -> bytes:
    """CommandComplete."""
    return message(b"C", tag + b"\0")


def ready(status: bytes) -> bytes:
    """ReadyForQuery: I idle, T in a transaction, E in a failed one."""
    return message(b"Z", status)


def parameter_status(name: str, value: str) -> bytes:
    """ParameterStatus."""
    return message(b"S", f"{name}\0{value}\0".encode())


def query(sql: str) -> bytes:
    """Query: the simple protocol."""
    return message(b"Q", sql.encode() + b"\0")


def parse(name: bytes, sql: str, types: bytes) -> bytes:
    """Parse. `types` is the rest of the message: a count and the types of the parameters."""
    return message(b"P", name + b"\0" + sql.encode() + b"\0" + types)


FLUSH = message(b"H")
SYNC = message(b"S")
NO_TYPES = b"\0\0"
EMPTY = message(b"I")
NO_DATA = message(b"n")
PARSE_COMPLETE = message(b"1")


def split_strings(body: bytes, count: int) -> list[bytes]:
    """The first `count` zero-ended strings of a body, and the rest after them.

    Raises:
        ValueError: There are fewer.
    """
    parts = body.split(b"\0", count)
    if len(parts) != count + 1:
        raise ValueError("a string in a message has no end")
    return parts


def error_fields(body: bytes) -> dict[str, str]:
    """The fields of an ErrorResponse or NoticeResponse by their letter."""
    return {part[:1].decode(): part[1:].decode(errors="replace") for part in body.split(b"\0") if part}
