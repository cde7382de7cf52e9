"""Replies of PostgreSQL in Redshift's form: types, errors, tags and reports of parameters."""

from __future__ import annotations

import struct

from ..calls import UNTRANSLATED
from ..error_words import redshift_message
from .messages import error_fields, message

_TYPES = {3802: 4000, 17: 6551, 25: 1043, 705: 1043, 2205: 1043}
"""PostgreSQL's type oids and Redshift's: jsonb is SUPER, bytea VARBYTE; text, unknown and regclass are VARCHAR."""
_REPORTED_FIELDS = "SVCMDH"
"""Severity, condition, message, detail and hint. Positions would be those of the translation."""
_OID = struct.Struct("!i")
_FIELD_BYTES = 18
_REPORTED = {
    b"client_encoding", b"DateStyle", b"TimeZone", b"application_name", b"is_superuser", b"session_authorization",
}  # fmt: skip
"""Parameters whose changes clients hear of. Redshift does not report others of PostgreSQL's."""


def row_description(body: bytes) -> bytes:
    """RowDescription with Redshift's types."""
    (count,) = struct.unpack_from("!h", body)
    at = 2
    result = bytearray(body)
    for _ in range(count):
        at = body.index(b"\0", at) + 1
        (oid,) = _OID.unpack_from(body, at + 6)
        if oid in _TYPES:
            _OID.pack_into(result, at + 6, _TYPES[oid])
        at += _FIELD_BYTES
    return message(b"T", bytes(result))


def failure(body: bytes) -> bytes:
    """ErrorResponse in Redshift's words, without the names of PostgreSQL's source files."""
    fields = error_fields(body)
    code = fields.get("C", "XX000")
    fields["M"] = redshift_message(code, fields.get("M", ""), fields.get("n", ""), fields.get("c", ""))
    fields["C"] = condition(code)
    return _reported(b"E", fields)


def is_end_of_server(body: bytes) -> bool:
    """Whether an ErrorResponse announces PostgreSQL's own end. The client gets our message instead."""
    fields = error_fields(body)
    return fields.get("S") == "FATAL" and "administrator command" not in fields.get("M", "")


def untranslated(body: bytes) -> str | None:
    """The dynamic SQL that an ErrorResponse asks to translate, or None."""
    if UNTRANSLATED.encode() not in body:
        return None
    fields = error_fields(body)
    return fields.get("D", "") if fields.get("C") == UNTRANSLATED else None


def notice(body: bytes) -> bytes:
    """NoticeResponse, likewise."""
    return _reported(b"N", error_fields(body))


def _reported(kind: bytes, fields: dict[str, str]) -> bytes:
    parts = [key.encode() + fields[key].encode() + b"\0" for key in _REPORTED_FIELDS if key in fields]
    return message(kind, b"".join(parts) + b"\0")


def condition(code: str) -> str:
    """Redshift's SQLSTATE for PostgreSQL's. A check of a length in bytes is a value that is too long."""
    return "22001" if code == "23514" else code


def is_reported(body: bytes) -> bool:
    """Whether a ParameterStatus is for the client."""
    return body.split(b"\0", 1)[0] in _REPORTED


def tag(body: bytes) -> bytes:
    """CommandComplete. Redshift's SELECT has no count."""
    return message(b"C", b"SELECT\0") if body.startswith(b"SELECT ") else message(b"C", body)
