"""Where the local S3 stores its bytes: every object is a plain file that `ls`, Spark and COPY can read directly.

The object `s3://bucket/a/b.json` is the file `<root>/bucket/a/b.json`. These rules keep that safe:

* A key segment that can't be a plain file name is stored under an escaped, hidden name: `.key~` and the
  percent-encoded segment. That is an empty segment (`a//b`, `folder/`) or one that starts with a dot (`..`, `.hidden`).
  Any other dot file in the tree is not an object and is never listed.
* A key that no escape can save raises `UnstorableKey` with a reason: over 1024 bytes, a segment over 255 bytes, a NUL,
  or `a` and `a/b` at once. Real S3 accepts the last three. This store refuses them, so that it doesn't lose bytes.
* The bytes of earlier versions are in `<root>/.versions/<bucket>/`, under names that only the index knows. The store
  first gives an object's file a second name there (a hard link), so the object always has a file.
* A new object is written to `<root>/.incoming/` and renamed into place, so a reader never sees half an object. The
  store doesn't call fsync: killing a process loses nothing, but a power cut may.
"""

import contextlib
import os
import stat
import threading
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from ..room import NoRoom, is_full, require_room

ESCAPE = ".key~"
_INCOMING = ".incoming"
_VERSIONS = ".versions"
_MAX_KEY_BYTES = 1024
_MAX_SEGMENT_BYTES = 255
_LOCK_STRIPES = 256
ROOM_FOR_DETAILS = 64 * 1024
"""Bytes that must be free before a change. SQLite writes an object's details in pages, each of them twice."""


class UnstorableKey(ValueError):
    """The key is too long for S3, or cannot be a path on this disk; `code` is the S3 error code to answer with."""

    def __init__(self, key: str, reason: str, code: str = "InvalidArgument") -> None:
        super().__init__(f"key {key[:200]!r} cannot be stored: {reason}")
        self.code = code


class Stamp(NamedTuple):
    """Identifies the contents of a file without reading it."""

    mtime_ns: int
    size: int
    inode: int


class S3Disk:
    """Maps buckets and keys to files below `root`, writes them atomically and walks them in key order."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._incoming = self.root / _INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True)
        self._locks = [threading.RLock() for _ in range(_LOCK_STRIPES)]

    def drop_leftovers(self) -> None:
        """Removes uploads that a killed server left unfinished. Call it only while no other server uses this root."""
        for leftover in self._incoming.iterdir():
            leftover.unlink()

    def lock(self, bucket: str, key: str) -> threading.RLock:
        """The lock that makes check-then-write on a key atomic. Two keys may share a lock (striping)."""
        return self._locks[hash((bucket, key)) % _LOCK_STRIPES]

    def bucket_path(self, bucket: str) -> Path:
        """The directory of a bucket. Raises UnstorableKey for a name that would leave the root."""
        if not bucket or bucket.startswith(".") or "/" in bucket or "\0" in bucket:
            raise UnstorableKey(bucket, "not a bucket name", "InvalidBucketName")
        return self.root / bucket

    def path_of(self, bucket: str, key: str) -> Path:
        """The file of an object, whether it exists or not.

        Raises:
            UnstorableKey: the key is too long or cannot be a path.
        """
        if len(key.encode("utf-8", "surrogatepass")) > _MAX_KEY_BYTES:
            raise UnstorableKey(key, "longer than 1024 bytes", "KeyTooLongError")
        return self.bucket_path(bucket).joinpath(*(_file_name(key, part) for part in key.split("/")))

    def stamp_of(self, bucket: str, key: str) -> Stamp | None:
        """The stamp of an object, or None if it doesn't exist."""
        try:
            status = self.path_of(bucket, key).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if stat.S_ISREG(status.st_mode):
            return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)
        return None

    def write(self, bucket: str, key: str, chunks: Iterable[bytes]) -> Stamp:
        """Writes an object completely or not at all. The last writer wins.

        Raises:
            UnstorableKey: the key is already a folder, or one of its folders is already a key.
        """
        target = self.path_of(bucket, key)
        with self.received(chunks) as (incoming, stamp):
            self._move_into_place(key, incoming, target)
        return stamp

    @contextlib.contextmanager
    def received(self, chunks: Iterable[bytes]) -> Iterator[tuple[Path, Stamp]]:
        """Writes bytes to a temporary file. It is removed at the end unless the caller has moved it into place.

        Raises:
            NoRoom: the disk has no room for the bytes, or for the object's entry in the index.
        """
        incoming = self._incoming / uuid.uuid4().hex
        try:
            with incoming.open("wb") as file:
                file.writelines(chunks)
                file.flush()
                status = os.fstat(file.fileno())
            require_room(self._incoming, ROOM_FOR_DETAILS)
            yield incoming, Stamp(status.st_mtime_ns, status.st_size, status.st_ino)
        except OSError as error:
            if not is_full(error):
                raise
            raise NoRoom(*error.args) from error
        finally:
            incoming.unlink(missing_ok=True)

    def place(self, bucket: str, key: str, incoming: Path) -> None:
        """Turns a received file into the object, atomically.

        Raises:
            UnstorableKey: the key is already a folder, or one of its folders is already a key.
        """
        self._move_into_place(key, incoming, self.path_of(bucket, key))

    def version_path(self, bucket: str, file: str) -> Path:
        """The file of an earlier version."""
        return self.root / _VERSIONS / self.bucket_path(bucket).name / file

    def version_files(self, bucket: str) -> list[str]:
        """The names of the files of all earlier versions in a bucket."""
        folder = self.version_path(bucket, "")
        return [path.name for path in folder.iterdir()] if folder.is_dir() else []

    def link_version(self, bucket: str, key: str) -> str:
        """Links the object's file into the versions folder. Returns the name of the link."""
        file = uuid.uuid4().hex
        path = self.version_path(bucket, file)
        try:
            path.hardlink_to(self.path_of(bucket, key))
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.hardlink_to(self.path_of(bucket, key))
        return file

    def restore_version(self, bucket: str, key: str, file: str) -> None:
        """Replaces the current object with an earlier version.

        Raises:
            UnstorableKey: other keys use the object's path as their folder.
        """
        self._move_into_place(key, self.version_path(bucket, file), self.path_of(bucket, key))

    def drop_versions(self, bucket: str, files: Iterable[str]) -> None:
        """Removes the bytes of earlier versions."""
        for file in files:
            self.version_path(bucket, file).unlink(missing_ok=True)

    def _move_into_place(self, key: str, incoming: Path, target: Path) -> None:
        for _ in range(10):  # a delete may remove the new folder; a few attempts settle that race
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                incoming.replace(target)
                return
            except IsADirectoryError:
                if not _remove_empty_tree(target):
                    raise UnstorableKey(key, "other keys already have it as their folder") from None
            except (NotADirectoryError, FileExistsError):
                raise UnstorableKey(key, "one of its folders is already a key") from None
            except FileNotFoundError:
                continue
        raise UnstorableKey(key, "its folder keeps disappearing", "InternalError")

    def delete(self, bucket: str, key: str) -> bool:
        """Removes an object and any folders that become empty. Returns False if the object didn't exist."""
        path = self.path_of(bucket, key)
        try:
            path.unlink()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
            if self.stamp_of(bucket, key) is None:
                return False
            raise
        home = self.bucket_path(bucket)
        for folder in path.parents:
            if folder == home:
                break
            try:
                folder.rmdir()
            except OSError:  # the folder isn't empty, or another delete was faster: leave it in both cases
                break
        return True

    def buckets(self) -> list[str]:
        """Names of the buckets on disk, sorted."""
        return sorted(entry.name for entry in os.scandir(self.root) if entry.is_dir() and entry.name[0] != ".")

    def create_bucket(self, bucket: str) -> None:
        """Creates the bucket's directory if it doesn't exist."""
        self.bucket_path(bucket).mkdir(parents=True, exist_ok=True)

    def remove_bucket(self, bucket: str) -> None:
        """Removes an empty bucket's directory, with any empty folders that a program left in it."""
        _remove_empty_tree(self.bucket_path(bucket))
        _remove_empty_tree(self.version_path(bucket, ""))

    def is_empty(self, bucket: str) -> bool:
        """Whether the bucket contains no object."""
        return next(self.keys(bucket), None) is None

    def keys(self, bucket: str, prefix: str = "", start_after: str = "") -> Iterator[str]:
        """The keys with a prefix that sort after `start_after`, folder by folder (not sorted). Reads names only."""
        folder = prefix[: prefix.rfind("/") + 1]
        for key, is_folder in self._entries(bucket, folder):
            yield from self._below(bucket, key, is_folder, prefix, start_after)

    def _below(self, bucket: str, key: str, is_folder: bool, prefix: str, start_after: str) -> Iterator[str]:
        if not key.startswith(prefix):
            return
        if not is_folder:
            if key > start_after:
                yield key
        elif key > start_after or start_after.startswith(key):  # else every key inside sorts before `start_after`
            for child, child_is_folder in self._entries(bucket, key):
                yield from self._below(bucket, child, child_is_folder, prefix, start_after)

    def level(self, bucket: str, prefix: str) -> tuple[list[str], list[str]]:
        """The keys and non-empty folders one level below a prefix, as a listing with delimiter `/` shows them."""
        keys: list[str] = []
        folders: list[str] = []
        for key, is_folder in self._entries(bucket, prefix[: prefix.rfind("/") + 1]):
            if not key.startswith(prefix):
                continue
            if not is_folder:
                keys.append(key)
            elif next(self.keys(bucket, key), None) is not None:
                folders.append(key)
        return keys, folders

    def _entries(self, bucket: str, folder: str) -> Iterator[tuple[str, bool]]:
        """The objects and folders directly in a folder (`''` or `a/b/`), as full keys; folders end in `/`."""
        try:
            path = self.path_of(bucket, folder[:-1]) if folder else self.bucket_path(bucket)
            with os.scandir(path) as entries:
                names = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        except (FileNotFoundError, NotADirectoryError, UnstorableKey):
            return
        for name, is_folder in names:
            segment = _segment(name)
            if segment is not None:
                yield (f"{folder}{segment}/", True) if is_folder else (f"{folder}{segment}", False)


def _file_name(key: str, segment: str) -> str:
    if "\0" in segment:
        raise UnstorableKey(key, "it contains a NUL character")
    name = ESCAPE + quote(segment, safe="") if not segment or segment.startswith(".") else segment
    try:
        length = len(name.encode())
    except UnicodeEncodeError:
        raise UnstorableKey(key, "it is not valid UTF-8") from None
    if length > _MAX_SEGMENT_BYTES:
        raise UnstorableKey(key, "a part between slashes is longer than 255 bytes", "KeyTooLongError")
    return name


def _segment(name: str) -> str | None:
    """The key segment of a file name, or None for a hidden file, which is not an object."""
    if name.startswith(ESCAPE):
        return unquote(name[len(ESCAPE) :])
    return None if name.startswith(".") else name


def _remove_empty_tree(folder: Path) -> bool:
    """Removes a directory that contains only directories. Returns False if there is a file inside."""
    for base, _, files in os.walk(folder, topdown=False):
        if files:
            return False
        try:
            Path(base).rmdir()
        except FileNotFoundError:
            continue
        except OSError:
            return False
    return True
