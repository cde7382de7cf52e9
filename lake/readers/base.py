"""What all readers have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from lake.records import Bad
from schemas.raw import RawRecord

Read = Iterator[tuple[bytes, RawRecord | Bad]]
"""The bytes of each record, as they came, and what they say."""


class Reader:
    """Reads the records of one entity, file after file; it streams, unless the format is JSON.

    Attributes:
        is_json: whether a record's bytes are JSON.
        line: line of its file that the record read last begins at, from 1; None where lines mean nothing.
        head: what stands at the top of the file and is needed to read a record alone: byte order mark, header.
    """

    is_json = False

    def __init__(self, model: type[RawRecord]) -> None:
        self.model = model
        self.line: int | None = None
        self.head = b""

    def begin(self) -> None:
        """A new file begins; what is read until the next call are its parts in order."""

    def read(self, body: IO[bytes]) -> Read:
        """The records of a raw object, in order. What cannot be read is a bad record; no record is lost.

        Args:
            body: the object's bytes; seekable.
        """
        raise NotImplementedError
