"""The versions of an object, and how puts and deletes change them in safe steps.

The current object is always the plain file of its key. Earlier versions and delete markers are rows of the index. The
bytes of earlier versions are files that only the index knows. A process may be killed between any two steps. These
rules define what the remaining files and rows mean, and every step of a change respects them:

* If there is a plain file, it is the newest version.
* A row with the same stamp as the plain file describes that file: the file was about to be replaced, or has been
  restored. That row and all newer rows are void.
* A key with earlier versions, but without a plain file or a newer delete marker, is deleted. This happens when a
  program removes the file itself.
* If several versions have the same id, only the newest counts. Many are named `null`: those from before versioning,
  those written while it was suspended, and those written by another program.

If another program overwrites the current object's file, the old contents are lost, as they would be without
versioning. Earlier versions stay.
"""

import dataclasses
import hashlib
import sqlite3
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..room import is_full
from .disk import S3Disk, Stamp, UnstorableKey
from .index import S3Index, VersionRow

NULL = "null"


@dataclass(frozen=True)
class Version:
    """One version of an object, or a delete marker.

    Attributes:
        id: `null` if it was written without versioning.
        stamp: the stamp of its file; for a delete marker, only the time counts.
        sequence: its row in the index; None for the plain file, and for a delete marker without a row.
        file: the name of its file among the earlier versions; None for the plain file and for delete markers.
    """

    key: str
    id: str
    stamp: Stamp
    details: dict[str, Any]
    sequence: int | None = None
    file: str | None = None
    is_delete_marker: bool = False

    @property
    def is_plain_file(self) -> bool:
        """Whether it is the current object, at the path of its key."""
        return self.file is None and not self.is_delete_marker


class Versions:
    """Puts and deletes objects. A bucket's versioning is `Enabled`, `Suspended`, or None if it was never set."""

    def __init__(self, disk: S3Disk, index: S3Index) -> None:
        self._disk = disk
        self._index = index

    def current(self, bucket: str, key: str, versioning: str | None) -> Version | None:
        """The object that a read without a version returns."""
        stamp = self._disk.stamp_of(bucket, key)
        if stamp is None:
            return None
        details = self._index.details(bucket, key, stamp)
        if not details and versioning is not None:
            details = next((row.details for row in self._index.versions(bucket, key) if row.stamp == stamp), {})
        return Version(key, details.get("version_id", NULL), stamp, details)

    def history(self, bucket: str, key: str) -> list[Version]:
        """All versions and delete markers of a key, newest first."""
        return self._history_and_void(bucket, key)[0]

    def find(self, bucket: str, key: str, version_id: str) -> Version | None:
        """A version of a key, or a delete marker."""
        return next((version for version in self.history(bucket, key) if version.id == version_id), None)

    def put(
        self, bucket: str, key: str, versioning: str | None, chunks: Iterable[bytes], details: dict[str, Any]
    ) -> Version:
        """Writes an object, completely or not at all. The bucket's versioning decides whether the old object is kept.

        Raises:
            UnstorableKey: the key can't be a path, is already a folder, or one of its folders is already a key.
        """
        self._disk.path_of(bucket, key)
        with self._disk.received(chunks) as (incoming, stamp), self._disk.lock(bucket, key):
            if versioning is None:
                self._disk.place(bucket, key, incoming)
                self._index.remember(bucket, key, stamp, details)
                return Version(key, NULL, stamp, details)
            return self._put_version(bucket, key, versioning, incoming, stamp, details)

    def _put_version(
        self, bucket: str, key: str, versioning: str, incoming: Path, stamp: Stamp, details: dict[str, Any]
    ) -> Version:
        version_id = uuid.uuid4().hex if versioning == "Enabled" else NULL
        details = details if version_id == NULL else {**details, "version_id": version_id}
        history, void = self._history_and_void(bucket, key)
        previous = self._link_current(bucket, key, history, unless=version_id)
        index_first = previous is not None or version_id != NULL  # else the new row would replace the old one
        if index_first:
            with self._index.changing():
                self._add(bucket, previous)
                self._index.remember(bucket, key, stamp, details)
        self._disk.place(bucket, key, incoming)
        if not index_first:
            self._index.remember(bucket, key, stamp, details)
        self._drop(bucket, [*void, *(version for version in history if version.id == version_id)])
        return Version(key, version_id, stamp, details)

    def delete(self, bucket: str, key: str, versioning: str | None) -> Version | None:
        """Deletes an object: permanently without versioning, else by adding a delete marker.

        Returns:
            The deleted object or the delete marker; None if there was nothing to delete.
        """
        with self._disk.lock(bucket, key):
            if versioning is None:
                deleted = self.current(bucket, key, versioning)
                self._remove_plain_file(bucket, key)
                return deleted
            return self._put_delete_marker(bucket, key, uuid.uuid4().hex if versioning == "Enabled" else NULL)

    def _put_delete_marker(self, bucket: str, key: str, version_id: str) -> Version:
        self._disk.path_of(bucket, key)
        history, void = self._history_and_void(bucket, key)
        marker = Version(key, version_id, Stamp(time.time_ns(), 0, 0), {}, is_delete_marker=True)
        previous = self._link_current(bucket, key, history, unless=version_id)
        if previous is None:
            self._disk.delete(bucket, key)
        with self._index.changing():
            self._add(bucket, previous)
            self._add(bucket, marker)
            self._index.forget(bucket, key)
        self._disk.delete(bucket, key)
        self._drop(bucket, [*void, *(version for version in history if version.id == version_id)])
        return marker

    def delete_version(self, bucket: str, key: str, version_id: str) -> Version | None:
        """Deletes a version or a delete marker permanently. If it was current, the version before it becomes current.

        Returns:
            The deleted version; None if it didn't exist.
        """
        with self._disk.lock(bucket, key):
            history, void = self._history_and_void(bucket, key)
            deleted = next((version for version in history if version.id == version_id), None)
            if deleted is None:
                return None
            dropped = [*void, deleted]
            if deleted == history[0] and (restored := self._bring_back(bucket, key, history[1:])):
                dropped.append(restored)
            self._drop(bucket, dropped)
            return deleted

    def _bring_back(self, bucket: str, key: str, older: list[Version]) -> Version | None:
        """Makes the newest of the older versions the plain file. Returns it, because its row is no longer needed."""
        if older and older[0].file is not None:
            try:
                self._disk.restore_version(bucket, key, older[0].file)
            except UnstorableKey:  # other keys use its path as their folder: it stays an earlier version
                return None
            self._index.remember(bucket, key, older[0].stamp, older[0].details)
            return older[0]
        self._disk.delete(bucket, key)
        self._index.forget(bucket, key)
        return None

    def change(self, bucket: str, version: Version, details: dict[str, Any]) -> None:
        """Replaces the details of a version."""
        if version.sequence is None:
            self._index.remember(bucket, version.key, version.stamp, details)
        else:
            self._index.change_version(version.sequence, details)

    def write_down_deletions(self, bucket: str) -> None:
        """Adds the missing delete marker to keys that another program deleted, so that their versions can expire."""
        for key in self._index.versioned_keys(bucket):
            with self._disk.lock(bucket, key):
                newest = self.history(bucket, key)[0]
                if newest.is_delete_marker and newest.sequence is None:
                    stamp = Stamp(time.time_ns(), 0, 0)
                    self._index.add_version(bucket, key, newest.id, None, stamp, {})

    def drop_unknown_files(self, bucket: str) -> None:
        """Removes version files without a row, which an interrupted write or delete has left."""
        unknown = set(self._disk.version_files(bucket)) - self._index.version_files(bucket)
        self._disk.drop_versions(bucket, unknown)

    def _link_current(self, bucket: str, key: str, history: list[Version], *, unless: str) -> Version | None:
        """Links the plain file as an earlier version, unless its id is `unless`, the version to replace."""
        if not history or not history[0].is_plain_file or history[0].id == unless:
            return None
        return dataclasses.replace(history[0], file=self._disk.link_version(bucket, key))

    def _add(self, bucket: str, version: Version | None) -> None:
        if version is not None:
            self._index.add_version(bucket, version.key, version.id, version.file, version.stamp, version.details)

    def _drop(self, bucket: str, versions: Iterable[Version]) -> None:
        """Drops rows before files, so that a row always has its file."""
        sequences = [version.sequence for version in versions if version.sequence is not None]
        if sequences:
            self._index.remove_versions(sequences)
            self._disk.drop_versions(bucket, [version.file for version in versions if version.file is not None])

    def _remove_plain_file(self, bucket: str, key: str) -> None:
        self._disk.delete(bucket, key)
        try:
            self._index.forget(bucket, key)
        except sqlite3.OperationalError as error:
            if not is_full(error):  # on a full disk the row stays, and has no effect without its file
                raise

    def _history_and_void(self, bucket: str, key: str) -> tuple[list[Version], list[Version]]:
        rows = [_version(key, row) for row in self._index.versions(bucket, key)]
        stamp = self._disk.stamp_of(bucket, key)
        if stamp is None:
            newest = [_implied_marker(rows[0])] if rows and not rows[0].is_delete_marker else []
            older = rows
        else:
            own_row = next((position for position, row in enumerate(rows) if row.stamp == stamp), -1)
            details = self._index.details(bucket, key, stamp) or (rows[own_row].details if own_row >= 0 else {})
            newest = [Version(key, details.get("version_id", NULL), stamp, details)]
            older = rows[own_row + 1 :]
        history: dict[str, Version] = {}
        for version in (*newest, *older):
            history.setdefault(version.id, version)
        return list(history.values()), [row for row in rows if history.get(row.id) is not row]


def _version(key: str, row: VersionRow) -> Version:
    return Version(key, row.version_id, row.stamp, row.details, row.sequence, row.file, row.file is None)


def _implied_marker(newest: Version) -> Version:
    """The delete marker of a key whose file another program removed. Its id stays the same until it is stored."""
    identity = hashlib.md5(f"deleted {newest.id} {newest.stamp}".encode()).hexdigest()  # noqa: S324
    return Version(newest.key, identity, newest.stamp, {}, is_delete_marker=True)
