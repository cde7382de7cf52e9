"""What is remembered of each record that was kept, so that one of the same key can be told to be the same or another.

A digest of its rows and its place, in 28 bytes: as many as there are records of them, they lie beside the keys, most of
them on disk.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from lake.quarantine import Origin
from schemas.contract import CuratedRow

_NOTE = struct.Struct(">16sIQ")


class Notes:
    """Makes and reads the notes of one validation, which share the names of the files that they tell of."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, bool], int] = {}
        self._names: list[tuple[str, bool]] = []
        self._pack = msgspec.msgpack.Encoder().encode

    def of(self, rows: Sequence[CuratedRow], file: str, line: int | None, index: int) -> bytes:
        """The note of a record that became these rows.

        Args:
            rows: the rows.
            file: URI of the file or, of an API's answer, of the raw object that the record came in.
            line: line of it that the record begins at; None where lines mean nothing.
            index: the record's place there otherwise, from 0.
        """
        name = (file, line is not None)
        number = self._files.get(name)
        if number is None:
            number = self._files[name] = len(self._names)
            self._names.append(name)
        return _NOTE.pack(self._digest(rows), number, index if line is None else line)

    def are_equal(self, note: bytes, rows: Sequence[CuratedRow]) -> bool:
        """Whether a record became the same rows as the one that a note is of."""
        return bool(_NOTE.unpack(note)[0] == self._digest(rows))

    def place(self, note: bytes) -> str:
        """Where the record came from that a note is of, in words."""
        _, number, at = _NOTE.unpack(note)
        name, has_line = self._names[number]
        return str(Origin(name, at, line=at if has_line else None))

    def _digest(self, rows: Sequence[CuratedRow]) -> bytes:
        """Of what the rows say: an amount with fewer zeros is the same, a counter that moved on is no other thing."""
        texts = [self._pack([row.table, *map(_plain, type(row).lasting_of(row.values()))]) for row in rows]
        return hashlib.blake2b(b"".join(texts), digest_size=16).digest()


def _plain(value: Any) -> Any:
    return value.normalize() if type(value) is Decimal else value
