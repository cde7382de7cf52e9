"""Knows which keys were met before, in memory that does not grow.

The newest keys are kept in a set; when it is full it is emptied into an SQLite file. Exact (no digests that could take
one key for another), as fast as a set for runs of ordinary size, and flat for any other: of most new keys a filter in
memory tells that they are not in the file, and only the others cost a lookup there.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import TracebackType

MOST_IN_MEMORY = 100_000
"""Keys held in memory: about 15 MB."""
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
        self._recent: set[str] = set()
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
        full = f"{table}\x1f{key}"
        if full in self._recent:
            return False
        self._recent.add(full)
        if self._database is not None and self._is_stored(full):
            return False  # and from now on it is recent again: venues come back by the thousand
        self._claimed.append(full)
        return True

    def give_back(self) -> None:
        """Forget the keys claimed since the last commit: their record was rejected."""
        self._recent.difference_update(self._claimed)
        self._claimed.clear()

    def commit(self) -> None:
        """Keep the keys claimed since the last commit for good."""
        self._claimed.clear()
        if len(self._recent) >= self._most:
            self._store()

    def _is_stored(self, full: str) -> bool:
        assert self._database is not None  # noqa: S101  for mypy
        one, other = _places(full)
        if not (self._filter[one >> 3] >> (one & 7) & self._filter[other >> 3] >> (other & 7) & 1):
            return False
        return self._database.execute("SELECT 1 FROM met WHERE key = ?", (full,)).fetchone() is not None

    def _store(self) -> None:
        if self._database is None:
            self._path.unlink(missing_ok=True)
            self._database = sqlite3.connect(self._path, isolation_level=None)
            for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}"):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.execute("CREATE TABLE met (key TEXT PRIMARY KEY) WITHOUT ROWID")
            self._filter = bytearray(_FILTER_BITS // 8)
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR IGNORE INTO met VALUES (?)", ((key,) for key in sorted(self._recent)))
        self._database.execute("COMMIT")
        for key in self._recent:
            for place in _places(key):
                self._filter[place >> 3] |= 1 << (place & 7)
        self._recent.clear()


def _places(key: str) -> tuple[int, int]:
    """The two bits of a key in the filter."""
    digest = hash(key)
    return digest % _FILTER_BITS, (digest >> 32) % _FILTER_BITS
