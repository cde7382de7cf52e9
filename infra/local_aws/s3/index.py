"""What S3 knows about an object beyond its bytes (ETag, content type, user metadata), kept beside the files.

One SQLite file, because it is written on every put and must survive a kill. A row counts only while the file still
has the stamp it was written for: an object that Spark rewrote on disk has no row, and gets an ETag made from its
stamp, in the form of a multipart upload's (which is no MD5 either).
"""

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

from infra.local_aws.s3.disk import Stamp

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT, key TEXT, mtime_ns INTEGER, size INTEGER, inode INTEGER, details TEXT, PRIMARY KEY (bucket, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, account TEXT, region TEXT);
"""


class S3Index:
    """Details of objects and buckets, by name; safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def details(self, bucket: str, key: str, stamp: Stamp) -> dict[str, Any]:
        """What is known of this very version of the object; empty when it was written behind S3's back."""
        with self._lock:
            row = self._connection.execute(
                "SELECT details FROM objects WHERE bucket=? AND key=? AND mtime_ns=? AND size=? AND inode=?",
                (bucket, key, *stamp),
            ).fetchone()
        found: dict[str, Any] = json.loads(row[0]) if row else {}
        return found

    def remember(self, bucket: str, key: str, stamp: Stamp, details: dict[str, Any]) -> None:
        """Replaces what is known of an object."""
        with self._lock:
            self._connection.execute(
                "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?)", (bucket, key, *stamp, json.dumps(details))
            )

    def forget(self, bucket: str, key: str) -> None:
        """Drops what is known of an object."""
        with self._lock:
            self._connection.execute("DELETE FROM objects WHERE bucket=? AND key=?", (bucket, key))

    def add_bucket(self, name: str, account: str, region: str) -> None:
        """Remembers who owns a bucket, and where."""
        with self._lock:
            self._connection.execute("INSERT OR REPLACE INTO buckets VALUES (?, ?, ?)", (name, account, region))

    def bucket(self, name: str) -> tuple[str, str] | None:
        """The account and region of a bucket, or None for a directory made by hand."""
        with self._lock:
            row: tuple[str, str] | None = self._connection.execute(
                "SELECT account, region FROM buckets WHERE name=?", (name,)
            ).fetchone()
        return row

    def remove_bucket(self, name: str) -> None:
        """Forgets a bucket and whatever it held."""
        with self._lock:
            self._connection.execute("DELETE FROM buckets WHERE name=?", (name,))
            self._connection.execute("DELETE FROM objects WHERE bucket=?", (name,))
