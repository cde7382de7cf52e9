"""Notes on records that were kept, to decide whether a later record with the same key has the same content.

A note is a digest of the record's rows and its place, in 28 bytes. There is one per record, stored with its key, mostly
on disk.
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
    """Makes and reads the notes of one validation. The notes share the names of the files."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, bool], int] = {}
        self._names: list[tuple[str, bool]] = []
        self._pack = msgspec.msgpack.Encoder().encode

    def of(self, rows: Sequence[CuratedRow], file: str, line: int | None, index: int) -> bytes:
        """The note of a record that became these rows.

        Args:
            rows: the rows.
            file: URI of the file with the record or, for an API's response, of the raw object.
            line: line of it where the record begins; None if the format has no lines.
            index: the record's position in it otherwise, from 0.
        """
        name = (file, line is not None)
        number = self._files.get(name)
        if number is None:
            number = len(self._names)
            self._files[name] = number
            self._names.append(name)
        return _NOTE.pack(self._digest(rows), number, index if line is None else line)

    def are_equal(self, note: bytes, rows: Sequence[CuratedRow]) -> bool:
        """Whether a record became the same rows as the one of a note."""
        return bool(_NOTE.unpack(note)[0] == self._digest(rows))

    def place(self, note: bytes) -> str:
        """The place of a note's record, for messages."""
        _, number, position = _NOTE.unpack(note)
        name, has_line = self._names[number]
        return str(Origin(name, position, line=position if has_line else None))

    def _digest(self, rows: Sequence[CuratedRow]) -> bytes:
        """The digest of the rows' meaning: trailing zeros of amounts and values of volatile columns don't change it."""
        texts = [self._pack([row.table, *map(_plain, type(row).lasting_of(row.values()))]) for row in rows]
        return hashlib.blake2b(b"".join(texts), digest_size=16).digest()


def _plain(value: Any) -> Any:
    return value.normalize() if type(value) is Decimal else value
