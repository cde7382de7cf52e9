"""The versions of an object: what a key holds, and how puts and deletes change that, step by safe step.

The current object is always the plain file of its key. Earlier versions and delete markers are rows of the index, the
bytes of versions being files that only the index knows. A process may be killed between any two steps; these rules
give what is left a meaning, and every step of a change keeps to them:

* The plain file, where there is one, is the newest version.
* A row whose stamp is the plain file's own describes that file: it was about to be replaced, or has been brought back.
  That row and all newer ones are void.
* A key with earlier versions, but neither a plain file nor a delete marker above them, is deleted. A program that
  removes the file itself leaves a key like that.
* Of versions with one id only the newest counts. Many are named `null`: those from before versioning, those written
  while it was suspended, and those written by another program.

A file that another program wrote over the current object replaces it: what it held is lost, as it would be without
versioning. Versions that were put before stay.
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
        id: `null` for one that was written without versioning.
        stamp: of its file; of a delete marker only the time counts.
        sequence: its row in the index; None for the plain file, and for a delete marker nobody wrote down.
        file: its file's name among the earlier versions; None for the plain file and for delete markers.
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
    """Puts and deletes objects. A bucket's versioning is `Enabled`, `Suspended`, or None when it never had any."""

    def __init__(self, disk: S3Disk, index: S3Index) -> None:
        self._disk, self._index = disk, index

    def current(self, bucket: str, key: str, versioning: str | None) -> Version | None:
        """The object that is read when no version is asked for."""
        stamp = self._disk.stamp_of(bucket, key)
        if stamp is None:
            return None
        details = self._index.details(bucket, key, stamp)
        if not details and versioning is not None:
            details = next((row.details for row in self._index.versions(bucket, key) if row.stamp == stamp), {})
        return Version(key, details.get("version_id", NULL), stamp, details)

    def history(self, bucket: str, key: str) -> list[Version]:
        """All versions of a key and its delete markers, newest first."""
        return self._history_and_void(bucket, key)[0]

    def find(self, bucket: str, key: str, version_id: str) -> Version | None:
        """A version of a key, or a delete marker."""
        return next((version for version in self.history(bucket, key) if version.id == version_id), None)

    def put(
        self, bucket: str, key: str, versioning: str | None, chunks: Iterable[bytes], details: dict[str, Any]
    ) -> Version:
        """Writes an object, whole or not at all. What was there is kept as the bucket's versioning says.

        Raises:
            UnstorableKey: the key cannot be a path, or one of its folders is already something else.
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
        kept = self._link_current(bucket, key, history, unless=version_id)
        is_known_first = kept is not None or version_id != NULL  # else its row would take that of what it replaces
        if is_known_first:
            with self._index.changing():
                self._add(bucket, kept)
                self._index.remember(bucket, key, stamp, details)
        self._disk.place(bucket, key, incoming)
        if not is_known_first:
            self._index.remember(bucket, key, stamp, details)
        self._drop(bucket, [*void, *(version for version in history if version.id == version_id)])
        return Version(key, version_id, stamp, details)

    def delete(self, bucket: str, key: str, versioning: str | None) -> Version | None:
        """Deletes an object: for good without versioning, else behind a delete marker.

        Returns:
            What was deleted, or the delete marker; None when there was nothing to delete.
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
        kept = self._link_current(bucket, key, history, unless=version_id)
        if kept is None:
            self._disk.delete(bucket, key)
        with self._index.changing():
            self._add(bucket, kept)
            self._add(bucket, marker)
            self._index.forget(bucket, key)
        self._disk.delete(bucket, key)
        self._drop(bucket, [*void, *(version for version in history if version.id == version_id)])
        return marker

    def delete_version(self, bucket: str, key: str, version_id: str) -> Version | None:
        """Deletes one version for good, or a delete marker. The one before the current version takes its place.

        Returns:
            What was deleted; None when there was no such version.
        """
        with self._disk.lock(bucket, key):
            history, void = self._history_and_void(bucket, key)
            deleted = next((version for version in history if version.id == version_id), None)
            if deleted is None:
                return None
            dropped = [*void, deleted]
            if deleted == history[0] and (again := self._bring_back(bucket, key, history[1:])):
                dropped.append(again)
            self._drop(bucket, dropped)
            return deleted

    def _bring_back(self, bucket: str, key: str, older: list[Version]) -> Version | None:
        """Makes the newest of the older versions the plain file again. Returns it, as its row is no longer needed."""
        if older and older[0].file is not None:
            try:
                self._disk.restore_version(bucket, key, older[0].file)
            except UnstorableKey:  # other keys have its path as their folder: it stays an earlier version
                return None
            self._index.remember(bucket, key, older[0].stamp, older[0].details)
            return older[0]
        self._disk.delete(bucket, key)
        self._index.forget(bucket, key)
        return None

    def change(self, bucket: str, version: Version, details: dict[str, Any]) -> None:
        """Replaces what is known of a version."""
        if version.sequence is None:
            self._index.remember(bucket, version.key, version.stamp, details)
        else:
            self._index.change_version(version.sequence, details)

    def write_down_deletions(self, bucket: str) -> None:
        """Gives keys that another program deleted the delete marker they lack, so that their versions can age."""
        for key in self._index.versioned_keys(bucket):
            with self._disk.lock(bucket, key):
                newest = self.history(bucket, key)[0]
                if newest.is_delete_marker and newest.sequence is None:
                    stamp = Stamp(time.time_ns(), 0, 0)
                    self._index.add_version(bucket, key, newest.id, None, stamp, {})

    def drop_unknown_files(self, bucket: str) -> None:
        """Removes files of versions that no row knows: their deletion was interrupted, or their making."""
        unknown = set(self._disk.version_files(bucket)) - self._index.version_files(bucket)
        self._disk.drop_versions(bucket, unknown)

    def _link_current(self, bucket: str, key: str, history: list[Version], *, unless: str) -> Version | None:
        """Gives the plain file a second name as an earlier version, unless it is the version to be replaced."""
        if not history or not history[0].is_plain_file or history[0].id == unless:
            return None
        return dataclasses.replace(history[0], file=self._disk.link_version(bucket, key))

    def _add(self, bucket: str, version: Version | None) -> None:
        if version is not None:
            self._index.add_version(bucket, version.key, version.id, version.file, version.stamp, version.details)

    def _drop(self, bucket: str, versions: Iterable[Version]) -> None:
        """Drops rows, then files: a row always has its file."""
        sequences = [version.sequence for version in versions if version.sequence is not None]
        if sequences:
            self._index.remove_versions(sequences)
            self._disk.drop_versions(bucket, [version.file for version in versions if version.file is not None])

    def _remove_plain_file(self, bucket: str, key: str) -> None:
        self._disk.delete(bucket, key)
        try:
            self._index.forget(bucket, key)
        except sqlite3.OperationalError as error:
            if not is_full(error):  # else the row stays: without its file it says nothing
                raise

    def _history_and_void(self, bucket: str, key: str) -> tuple[list[Version], list[Version]]:
        rows = [_version(key, row) for row in self._index.versions(bucket, key)]
        stamp = self._disk.stamp_of(bucket, key)
        if stamp is None:
            newest = [_implied_marker(rows[0])] if rows and not rows[0].is_delete_marker else []
            older = rows
        else:
            own = next((position for position, row in enumerate(rows) if row.stamp == stamp), -1)
            details = self._index.details(bucket, key, stamp) or (rows[own].details if own >= 0 else {})
            newest = [Version(key, details.get("version_id", NULL), stamp, details)]
            older = rows[own + 1 :]
        history: dict[str, Version] = {}
        for version in (*newest, *older):
            history.setdefault(version.id, version)
        return list(history.values()), [row for row in rows if history.get(row.id) is not row]


def _version(key: str, row: VersionRow) -> Version:
    return Version(key, row.version_id, row.stamp, row.details, row.sequence, row.file, row.file is None)


def _implied_marker(newest: Version) -> Version:
    """The delete marker of a key whose file another program removed. It has the same id until it is written down."""
    identity = hashlib.md5(f"deleted {newest.id} {newest.stamp}".encode()).hexdigest()  # noqa: S324
    return Version(newest.key, identity, newest.stamp, {}, is_delete_marker=True)
