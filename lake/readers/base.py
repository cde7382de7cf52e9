"""The interface of all readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from lake.records import Bad
from schemas.raw import RawRecord

Read = Iterator[tuple[bytes, RawRecord | Bad]]
"""The bytes of each record, as received, and the record or its errors."""


class Reader:
    """Reads the records of one entity, file after file; it streams, unless the format is JSON.

    Attributes:
        is_json: whether a record's bytes are JSON.
        line: line of its file where the last record begins, from 1; None if the format has no lines.
        head: the top of the file that is needed to read a record alone: byte order mark, header.
    """

    is_json = False

    def __init__(self, model: type[RawRecord]) -> None:
        self.model = model
        self.line: int | None = None
        self.head = b""

    def begin(self) -> None:
        """Start a new file. The bodies read until the next call are its parts, in order."""

    def read(self, body: IO[bytes]) -> Read:
        """The records of a raw object, in order. An unreadable part is a bad record; no record is lost.

        Args:
            body: the object's bytes; seekable.
        """
        raise NotImplementedError
