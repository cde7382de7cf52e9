"""An index of the keys of earlier records, in memory of constant size.

The newest keys are in a set; when it is full, its keys move to an SQLite file. The index is exact (no digest could
confuse two keys), as fast as a set for runs of ordinary size, and constant in memory for larger ones. A filter in
memory shows for most new keys that they aren't in the file; only the others cost a lookup there. Each key has a note
about its record, for contracts that compare duplicates.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import TracebackType

MOST_IN_MEMORY = 100_000
"""Keys in memory: about 15 MB, or about 22 MB with notes of 28 bytes."""
_CACHE_KIB = 4 * 1024
_FILTER_BITS = 2**27
"""The size of the filter: 16 MB. With ten million keys, one new key in fifty costs a needless lookup in the file."""


class KeyIndex:
    """The keys so far, of all tables. Keys that were claimed for a record can be given back until `commit`.

    Args:
        directory: the folder for the file, if one is needed.
        most_in_memory: the most keys in memory.
    """

    def __init__(self, directory: Path, most_in_memory: int = MOST_IN_MEMORY) -> None:
        self._path = directory / "keys.sqlite"
        self._most = most_in_memory
        self._recent: dict[str, bytes] = {}
        self._claimed: list[str] = []
        self._filter = bytearray()
        self._database: sqlite3.Connection | None = None

    def __enter__(self) -> KeyIndex:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._database is not None:
            self._database.close()
            self._path.unlink(missing_ok=True)

    def claim(self, table: str, key: str) -> bool:
        """Whether the key is new; if so, it is claimed."""
        full = _full(table, key)
        if full in self._recent:
            return False
        if self._database is not None and (note := self._stored(full)) is not None:
            self._recent[full] = note  # it is recent again: the same venue appears in thousands of events
            return False
        self._recent[full] = b""
        self._claimed.append(full)
        return True

    def note(self, table: str, key: str) -> bytes:
        """The note of a key whose claim was just refused; empty if it has none."""
        return self._recent[_full(table, key)]

    def give_back(self) -> None:
        """Forget the keys claimed since the last commit: their record was rejected."""
        for full in self._claimed:
            del self._recent[full]
        self._claimed.clear()

    def commit(self, note: bytes = b"") -> None:
        """Keep the keys claimed since the last commit permanently, each with the note."""
        if note:
            self._recent.update(dict.fromkeys(self._claimed, note))
        self._claimed.clear()
        if len(self._recent) >= self._most:
            self._store()

    def _stored(self, full: str) -> bytes | None:
        """The note of a key in the file, or None if the file doesn't contain it."""
        assert self._database is not None  # noqa: S101  for mypy
        first, second = _bits(full)
        if not (self._filter[first >> 3] >> (first & 7) & self._filter[second >> 3] >> (second & 7) & 1):
            return None
        row = self._database.execute("SELECT note FROM known_keys WHERE key = ?", (full,)).fetchone()
        return None if row is None else row[0]

    def _store(self) -> None:
        if self._database is None:
            self._path.unlink(missing_ok=True)
            self._database = sqlite3.connect(self._path, isolation_level=None)
            for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}"):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.execute("CREATE TABLE known_keys (key TEXT PRIMARY KEY, note BLOB NOT NULL) WITHOUT ROWID")
            self._filter = bytearray(_FILTER_BITS // 8)
        self._database.execute("BEGIN")
        rows = ((key, self._recent[key]) for key in sorted(self._recent))
        self._database.executemany("INSERT OR IGNORE INTO known_keys VALUES (?, ?)", rows)
        self._database.execute("COMMIT")
        for key in self._recent:
            for bit in _bits(key):
                self._filter[bit >> 3] |= 1 << (bit & 7)
        self._recent.clear()


def _full(table: str, key: str) -> str:
    return f"{table}\x1f{key}"


def _bits(key: str) -> tuple[int, int]:
    """The two bits of a key in the filter."""
    digest = hash(key)
    return digest % _FILTER_BITS, (digest >> 32) % _FILTER_BITS
