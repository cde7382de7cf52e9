"""Files as they are at one moment: copied to the local disk, so that all are hashed before the first is landed.

The files of an entity share one temporary file, one after the other: a thousand files take one descriptor, the limit of
their bytes is that of the disk, and since the file has no name, nothing of it is left by a process that is killed.
Reading every file twice instead, to hash and to land, would need less disk, and would pay for each byte twice and meet
files that changed in between.
"""

from __future__ import annotations

import errno
import hashlib
import io
import logging
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from sources.files.errors import LocationUnreachable, TooLarge, shown
from sources.files.limits import Limits
from sources.files.progress import Progress
from sources.files.stores import Store, located

log = logging.getLogger(__name__)

_BLOCK = 2**20
BUFFER = 2**16


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file's bytes on the local disk.

    Attributes:
        name: its name at its location.
        uri: where it came from, as it may be shown.
        sha256: of its bytes, in hex.
        size: bytes.
        copy: descriptor of the temporary file that holds them.
        start: where they begin in it.
    """

    name: str
    uri: str
    sha256: str
    size: int
    copy: int
    start: int

    def open(self) -> IO[bytes]:
        """The bytes from the first on, seekable; to be closed or not."""
        return io.BufferedReader(_Slice(self.copy, self.start, self.size), BUFFER)


@contextmanager
def snapshots(store: Store, location: str, names: Sequence[str], limits: Limits) -> Iterator[list[Snapshot]]:
    """Copy files to a nameless temporary file, which is gone when the block, or the process, ends.

    Raises:
        TooLarge: they are larger than the limits allow, or than the disk.
        LocationUnreachable: one took longer than the limits allow.
        Whatever the store raises.
    """
    with tempfile.TemporaryFile(prefix="boxoffice-files-", buffering=0) as copy:
        yield [_copied(store, located(location, name), name, copy, limits) for name in names]


def _copied(store: Store, uri: str, name: str, copy: IO[bytes], limits: Limits) -> Snapshot:
    digest, start, size = hashlib.sha256(), copy.tell(), 0
    for block in _blocks(store, uri, limits.deadline_s):
        digest.update(block)
        size += len(block)
        if size > limits.bytes:
            raise TooLarge(f"{shown(uri)} is larger than {limits.bytes:,} bytes: nothing of it was kept")
        if start + size > limits.total_bytes:
            raise TooLarge(
                f"with {shown(uri)} the files are larger than {limits.total_bytes:,} bytes together: nothing was kept; "
                "have fewer at the location, or raise the limit"
            )
        _write(copy, block, uri)
    return Snapshot(name, shown(uri), digest.hexdigest(), size, copy.fileno(), start)


def _blocks(store: Store, uri: str, deadline_s: float) -> Iterator[bytes]:
    """The file's bytes as they arrive, until the deadline."""
    give_up_at = time.monotonic() + deadline_s
    progress, size = Progress(log, f"copying {shown(uri)}"), 0
    with store.open(uri) as stream:
        while block := stream.read(_BLOCK):
            yield block
            size += len(block)
            progress.note(size)
            if time.monotonic() > give_up_at:
                raise LocationUnreachable(f"{shown(uri)} took longer than {deadline_s:g} s: try again later")


def _write(copy: IO[bytes], block: bytes, uri: str) -> None:
    rest = memoryview(block)
    try:
        while rest:
            rest = rest[copy.write(rest) :]
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise TooLarge(
            f"there is no room for {shown(uri)} in {tempfile.gettempdir()} ({error.strerror}): nothing was kept; free "
            "some, or set TMPDIR to a larger disk"
        ) from error


class _Slice(io.RawIOBase):
    """A stretch of a file. Several may be read at a time: each has a position of its own."""

    def __init__(self, descriptor: int, start: int, size: int) -> None:
        self._descriptor, self._start, self._size = descriptor, start, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if at < 0:
            raise OSError(errno.EINVAL, "a position before the start")
        self._at = at
        return at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        most = min(len(buffer), max(self._size - self._at, 0))
        block = os.pread(self._descriptor, most, self._start + self._at)
        buffer[: len(block)] = block
        self._at += len(block)
        return len(block)
