"""What S3 stores about objects besides their bytes: ETag, content type, tags, versions.

It is one SQLite file next to the objects, because it is written on every put and must survive a kill. A row counts
only while the file still has the stamp that the row was written for. An object that Spark rewrote on disk has no row.
Its ETag is computed from its stamp, in the form of a multipart upload's ETag (which is no MD5 either).
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from .disk import Stamp

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT, key TEXT, mtime_ns INTEGER, size INTEGER, inode INTEGER, details TEXT, PRIMARY KEY (bucket, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS versions (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT, key TEXT, version_id TEXT, file TEXT,
    mtime_ns INTEGER, size INTEGER, inode INTEGER, details TEXT
);
CREATE INDEX IF NOT EXISTS versions_by_key ON versions (bucket, key, sequence);
CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, account TEXT, region TEXT);
CREATE TABLE IF NOT EXISTS configurations (bucket TEXT PRIMARY KEY, configuration TEXT);
"""
_VERSION_COLUMNS = "sequence, version_id, file, mtime_ns, size, inode, details"


class VersionRow(NamedTuple):
    """An earlier version of an object, or a delete marker, which has no file.

    Attributes:
        sequence: orders the versions of a key; the newest has the highest number.
        stamp: the stamp of the version's file; for a delete marker, only the time counts.
    """

    sequence: int
    version_id: str
    file: str | None
    stamp: Stamp
    details: dict[str, Any]


class S3Index:
    """Details of objects, versions and buckets, by name. Safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        # No other process opens the file. SQLite then needs no shared memory, so it also opens on a full disk.
        self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Runs the enclosed changes in one transaction."""
        with self._lock:
            self._connection.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _run(self, statement: str, parameters: tuple[Any, ...]) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, parameters).fetchall()

    def details(self, bucket: str, key: str, stamp: Stamp) -> dict[str, Any]:
        """The details of this version of an object. Empty if another program wrote the file."""
        rows = self._run(
            "SELECT details FROM objects WHERE bucket=? AND key=? AND mtime_ns=? AND size=? AND inode=?",
            (bucket, key, *stamp),
        )
        object_details: dict[str, Any] = json.loads(rows[0][0]) if rows else {}
        return object_details

    def remember(self, bucket: str, key: str, stamp: Stamp, details: dict[str, Any]) -> None:
        """Replaces the details of an object."""
        self._run(
            "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?)", (bucket, key, *stamp, json.dumps(details))
        )

    def forget(self, bucket: str, key: str) -> None:
        """Drops the details of an object."""
        self._run("DELETE FROM objects WHERE bucket=? AND key=?", (bucket, key))

    def versions(self, bucket: str, key: str) -> list[VersionRow]:
        """The earlier versions and the delete markers of a key, newest first."""
        rows = self._run(
            f"SELECT {_VERSION_COLUMNS} FROM versions WHERE bucket=? AND key=? ORDER BY sequence DESC",
            (bucket, key),
        )
        return [
            VersionRow(sequence, version_id, file, Stamp(*stamp), json.loads(details))
            for sequence, version_id, file, *stamp, details in rows
        ]

    def add_version(
        self, bucket: str, key: str, version_id: str, file: str | None, stamp: Stamp, details: dict[str, Any]
    ) -> None:
        """Adds a delete marker, or a version as the newest of the earlier versions."""
        self._run(
            "INSERT INTO versions (bucket, key, version_id, file, mtime_ns, size, inode, details)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (bucket, key, version_id, file, *stamp, json.dumps(details)),
        )

    def change_version(self, sequence: int, details: dict[str, Any]) -> None:
        """Replaces the details of an earlier version."""
        self._run("UPDATE versions SET details=? WHERE sequence=?", (json.dumps(details), sequence))

    def remove_versions(self, sequences: Iterable[int]) -> None:
        """Drops earlier versions and delete markers."""
        with self.changing():
            for sequence in sequences:
                self._run("DELETE FROM versions WHERE sequence=?", (sequence,))

    def versioned_keys(self, bucket: str, prefix: str = "") -> list[str]:
        """The keys with a prefix that have earlier versions or delete markers."""
        rows = self._run(
            "SELECT DISTINCT key FROM versions WHERE bucket=? AND substr(key, 1, ?)=?", (bucket, len(prefix), prefix)
        )
        return [key for (key,) in rows]

    def has_versions(self, bucket: str) -> bool:
        """Whether a bucket has an earlier version or a delete marker."""
        return bool(self._run("SELECT 1 FROM versions WHERE bucket=? LIMIT 1", (bucket,)))

    def version_files(self, bucket: str) -> set[str]:
        """The files of a bucket's earlier versions."""
        rows = self._run("SELECT file FROM versions WHERE bucket=? AND file IS NOT NULL", (bucket,))
        return {file for (file,) in rows}

    def add_bucket(self, name: str, account: str, region: str) -> None:
        """Stores the account and region of a bucket."""
        self._run("INSERT OR REPLACE INTO buckets VALUES (?, ?, ?)", (name, account, region))

    def bucket(self, name: str) -> tuple[str, str] | None:
        """The account and region of a bucket, or None for a directory that was created by hand."""
        rows = self._run("SELECT account, region FROM buckets WHERE name=?", (name,))
        return rows[0] if rows else None

    def configure(self, bucket: str, configuration: dict[str, Any]) -> None:
        """Replaces the configuration of a bucket."""
        self._run("INSERT OR REPLACE INTO configurations VALUES (?, ?)", (bucket, json.dumps(configuration)))

    def configuration(self, bucket: str) -> dict[str, Any]:
        """The configuration of a bucket. Empty if it never had any."""
        rows = self._run("SELECT configuration FROM configurations WHERE bucket=?", (bucket,))
        settings: dict[str, Any] = json.loads(rows[0][0]) if rows else {}
        return settings

    def remove_bucket(self, name: str) -> None:
        """Removes a bucket and all its entries."""
        with self.changing():
            self._run("DELETE FROM buckets WHERE name=?", (name,))
            for table in ("objects", "versions", "configurations"):
                self._run(f"DELETE FROM {table} WHERE bucket=?", (name,))
