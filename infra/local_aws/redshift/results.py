"""Results of statements, stored until they are dropped: a bounded part in memory, the rest in files.

A program may fetch a result for a day after its statement has ended, but few do. The memory for this is bounded in
bytes, over all results. If there are more, the oldest ones move to disk.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import tempfile
import threading
import weakref
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import msgspec
from psycopg.pq.abc import PGresult

Row = tuple[str | None, ...]
"""Texts in PostgreSQL's output format; None is NULL."""

MEMORY_BYTES = 32 * 1024 * 1024
_PAGE_ROWS = 1000
_decoder = msgspec.msgpack.Decoder(list[Row])


class _Rows(Sequence[Row]):
    """Rows that are read from their storage on access."""

    @abstractmethod
    def _range(self, start: int, stop: int) -> Iterator[Row]:
        """The rows from `start` to before `stop`."""

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        """A row, or the rows of a slice without step."""
        if isinstance(index, slice):
            start, stop, _ = index.indices(len(self))
            return list(self._range(start, stop))
        at = range(len(self))[index]
        return next(self._range(at, at + 1))

    def __iter__(self) -> Iterator[Row]:
        return self._range(0, len(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(tuple.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]


class SentRows(_Rows):
    """The rows from PostgreSQL, which stay in its client library until they are read.

    Args:
        result: The result of libpq.
        super_columns: The positions of the columns of type SUPER, which Redshift prints without blanks.
    """

    def __init__(self, result: PGresult, super_columns: frozenset[int] = frozenset()) -> None:
        self._result = result
        self._super_columns = super_columns

    def __len__(self) -> int:
        return self._result.ntuples

    def _range(self, start: int, stop: int) -> Iterator[Row]:
        value = self._result.get_value
        columns = range(self._result.nfields)
        for row in range(start, stop):
            fields = tuple(None if (field := value(row, column)) is None else field.decode() for column in columns)
            yield self._printed(fields) if self._super_columns else fields

    def _printed(self, fields: Row) -> Row:
        return tuple(
            compact_super(field) if field and column in self._super_columns else field
            for column, field in enumerate(fields)
        )


_BLANK = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')


def compact_super(text: str) -> str:
    """A SUPER value as Redshift prints it: PostgreSQL's JSON without its blanks between elements."""
    return _BLANK.sub(lambda match: match[1] or "", text)


class StoredRows(_Rows):
    """Stored rows, in pages: in memory, or in a file.

    Attributes:
        size: bytes of the values, as DescribeStatement reports them.
    """

    def __init__(self) -> None:
        self.size = 0
        self._length = 0
        self._pages: list[bytes] = []
        self._ends: list[int] = []
        self._file: Path | None = None

    def __len__(self) -> int:
        return self._length

    @property
    def bytes_in_memory(self) -> int:
        """The size of the rows in memory."""
        return sum(map(len, self._pages))

    def append(self, rows: Sequence[Row]) -> None:
        """Adds a page. All pages except the last are full."""
        page = msgspec.msgpack.encode(rows)
        if self._file is None:
            self._pages.append(page)
        else:
            with self._file.open("ab") as file:
                file.write(page)
        self._ends.append((self._ends[-1] if self._ends else 0) + len(page))
        self._length += len(rows)
        self.size += sum(len(value.encode()) for row in rows for value in row if value)

    def move_to(self, file: Path) -> None:
        """Moves the pages into a file for the owner only. Raises OSError and then leaves the rows in memory."""
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.writelines(self._pages)
        except OSError:
            file.unlink()
            raise
        self._file = file
        self._pages = []

    def _range(self, start: int, stop: int) -> Iterator[Row]:
        for number in range(start // _PAGE_ROWS, -(-stop // _PAGE_ROWS)):
            page_start = number * _PAGE_ROWS
            yield from self._page(number)[max(start - page_start, 0) : stop - page_start]

    def _page(self, number: int) -> list[Row]:
        pages = self._pages  # in this order: another thread may move them, which sets the file first
        file = self._file
        if file is None:
            return _decoder.decode(pages[number])
        start = self._ends[number - 1] if number else 0
        with file.open("rb") as opened:
            opened.seek(start)
            return _decoder.decode(opened.read(self._ends[number] - start))


class Results:
    """Stores results. Drops each, with its file, when nothing refers to it any more.

    Args:
        folder: for results without room in memory; emptied at the start, because statements do not outlive the server.
            None: a temporary folder, created on first use.
        memory: the maximum size of all results in memory, in bytes.
    """

    def __init__(self, folder: Path | None = None, memory: int = MEMORY_BYTES) -> None:
        self._folder = folder
        self._memory = memory
        self._lock = threading.RLock()
        self._in_memory: weakref.WeakValueDictionary[int, StoredRows] = weakref.WeakValueDictionary()
        self._numbers = itertools.count(1)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def bytes_in_memory(self) -> int:
        """The size of all results in memory."""
        with self._lock:
            return sum(rows.bytes_in_memory for rows in self._in_memory.values())

    def keep(self, rows: Sequence[Row]) -> StoredRows:
        """Stores rows.

        Raises:
            OSError: there is no room for them, in memory or on disk.
        """
        stored_rows = StoredRows()
        number = next(self._numbers)
        with self._lock:
            self._in_memory[number] = stored_rows
        for start in range(0, len(rows), _PAGE_ROWS):
            page = rows[start : start + _PAGE_ROWS]
            with self._lock:
                stored_rows.append(page)
                self._make_room()
        return stored_rows

    def _make_room(self) -> None:
        """Moves the oldest results to disk until the others fit."""
        over = self.bytes_in_memory - self._memory
        for number, rows in sorted(self._in_memory.items()):
            if over <= 0:
                return
            over -= rows.bytes_in_memory
            file = self._made_folder() / str(number)
            rows.move_to(file)
            weakref.finalize(rows, file.unlink, missing_ok=True)
            del self._in_memory[number]

    def _made_folder(self) -> Path:
        if self._folder is None:
            temporary: Any = tempfile.TemporaryDirectory(prefix="boxoffice-results-")
            weakref.finalize(self, temporary.cleanup)
            self._folder = Path(temporary.name)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder
