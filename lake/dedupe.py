"""Knows which keys were met before, in memory that does not grow.

The newest keys are kept in a set; when it is full it is emptied into an SQLite file. Exact (no digests that could take
one key for another), as fast as a set for runs of ordinary size, and flat for any other: of most new keys a filter in
memory tells that they are not in the file, and only the others cost a lookup there. With a key goes a note of what it
was met in, for contracts that compare what repeats it.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import TracebackType

MOST_IN_MEMORY = 100_000
"""Keys held in memory: about 15 MB, with notes of 28 bytes about 22 MB."""
_CACHE_KIB = 4 * 1024
_FILTER_BITS = 2**27
"""Of the filter: 16 MB. Of ten million keys it sends one new one in fifty to the file in vain."""


class KeyIndex:
    """The keys met so far, of all tables. Keys claimed for a record can be given back until `commit`.

    Args:
        directory: where the file goes, if one is needed.
        most_in_memory: keys to hold in memory.
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
        """Whether the key is new; if so, it is met from now on."""
        full = _full(table, key)
        if full in self._recent:
            return False
        if self._database is not None and (note := self._stored(full)) is not None:
            self._recent[full] = note  # from now on it is recent again: venues come back by the thousand
            return False
        self._recent[full] = b""
        self._claimed.append(full)
        return True

    def note(self, table: str, key: str) -> bytes:
        """The note of a key whose claim was just refused; empty when there is none."""
        return self._recent[_full(table, key)]

    def give_back(self) -> None:
        """Forget the keys claimed since the last commit: their record was rejected."""
        for full in self._claimed:
            del self._recent[full]
        self._claimed.clear()

    def commit(self, note: bytes = b"") -> None:
        """Keep the keys claimed since the last commit for good, and a note with each."""
        if note:
            self._recent.update(dict.fromkeys(self._claimed, note))
        self._claimed.clear()
        if len(self._recent) >= self._most:
            self._store()

    def _stored(self, full: str) -> bytes | None:
        """The note of a key in the file, or None when it is not there."""
        assert self._database is not None  # noqa: S101  for mypy
        one, other = _places(full)
        if not (self._filter[one >> 3] >> (one & 7) & self._filter[other >> 3] >> (other & 7) & 1):
            return None
        found = self._database.execute("SELECT note FROM met WHERE key = ?", (full,)).fetchone()
        return None if found is None else found[0]

    def _store(self) -> None:
        if self._database is None:
            self._path.unlink(missing_ok=True)
            self._database = sqlite3.connect(self._path, isolation_level=None)
            for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}"):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.execute("CREATE TABLE met (key TEXT PRIMARY KEY, note BLOB NOT NULL) WITHOUT ROWID")
            self._filter = bytearray(_FILTER_BITS // 8)
        self._database.execute("BEGIN")
        rows = ((key, self._recent[key]) for key in sorted(self._recent))
        self._database.executemany("INSERT OR IGNORE INTO met VALUES (?, ?)", rows)
        self._database.execute("COMMIT")
        for key in self._recent:
            for place in _places(key):
                self._filter[place >> 3] |= 1 << (place & 7)
        self._recent.clear()


def _full(table: str, key: str) -> str:
    return f"{table}\x1f{key}"


def _places(key: str) -> tuple[int, int]:
    """The two bits of a key in the filter."""
    digest = hash(key)
    return digest % _FILTER_BITS, (digest >> 32) % _FILTER_BITS
