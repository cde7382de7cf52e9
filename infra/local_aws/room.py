"""Space on the disk: detects a full disk, writes files completely or not at all, and retries writes.

A full disk fails only the calls that need space. A call that changes something is refused before it begins if there is
no room for the change, so a failed call leaves nothing behind. If no caller is left to get an error (at the end of a
run, or for a line of a record), the change stays in memory and is written as soon as there is room.
"""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

_LOG = logging.getLogger(__name__)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SECONDS_BETWEEN = 1.0


class NoRoom(OSError):
    """There is no room for a change, which was not begun."""


class NotWrittenYet(OSError):
    """A change was made in memory, but could not be written. It will be written later."""


def is_full(error: BaseException) -> bool:
    """Whether an error reports a full disk."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return isinstance(error, OSError) and error.errno in _FULL


def require_room(folder: Path, size: int) -> None:
    """Raises NoRoom if the disk of a folder has fewer free bytes than `size`."""
    disk = os.statvfs(folder)
    if (free := disk.f_bavail * disk.f_frsize) < size:
        raise NoRoom(errno.ENOSPC, f"{size:,} bytes are needed, {free:,} are free", str(folder))


def write_whole(path: Path, content: bytes) -> None:
    """Replaces a file atomically, readable by its owner only. Raises OSError and then keeps the old file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def append_whole(file: BinaryIO, content: bytes) -> None:
    """Appends to an unbuffered file that no one else writes. Raises OSError and then appends nothing."""
    end = file.seek(0, os.SEEK_END)
    try:
        if file.write(content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), file.name)
    except OSError:
        file.truncate(end)
        raise


class Later:
    """Retries failed writes every second until they succeed."""

    def __init__(self) -> None:
        self._waiting: dict[str, Callable[[], None]] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def write(self, name: str, write: Callable[[], None]) -> None:
        """Writes now or, if that fails, later.

        Args:
            name: the subject, for the log. A later write with the same name replaces a waiting one.
            write: writes the data as of the time of the call; raises OSError.
        """
        try:
            write()
        except OSError as error:
            self.add(name, write, error)

    def add(self, name: str, write: Callable[[], None], error: OSError) -> None:
        """Retries a write that failed with an error."""
        with self._lock:
            if name not in self._waiting:
                _LOG.warning("%s could not be written, and will be retried: %s", name, error)
            self._waiting[name] = write
            if self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(target=self._run, name="write-later", daemon=True)
                self._thread.start()

    def forget(self, name: str) -> None:
        """Drops a waiting write."""
        with self._lock:
            self._waiting.pop(name, None)

    def close(self) -> None:
        """Tries a last time, and stops."""
        self._stopped.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()
        self._try_all()

    def _run(self) -> None:
        while not self._stopped.wait(_SECONDS_BETWEEN):
            self._try_all()
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return

    def _try_all(self) -> None:
        with self._lock:
            waiting = list(self._waiting.items())
        for name, write in waiting:
            try:
                write()
            except OSError:
                continue  # `add` has logged it
            with self._lock:
                if self._waiting.get(name) is write:
                    del self._waiting[name]
                    _LOG.warning("%s has been written now", name)
