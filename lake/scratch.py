"""Local working directories. If a killed process leaves one behind, the next process that needs one removes it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def scratch_directory(purpose: str) -> Iterator[Path]:
    """A temporary directory that exists until the block ends. Directories of killed processes are removed first.

    The process that uses a directory locks it, and the kernel releases the lock however the process ends.

    Args:
        purpose: the start of the directory's name.

    Raises:
        PermissionError: their parent in the system's temporary directory belongs to another user.
    """
    parent = Path(tempfile.gettempdir()) / f"boxoffice-{os.getuid()}"
    parent.mkdir(mode=0o700, exist_ok=True)
    if parent.stat().st_uid != os.getuid():
        raise PermissionError(f"{parent} belongs to another user: remove it, or set TMPDIR to a directory of your own")
    with _locked(parent):  # so that no process removes a new directory that isn't locked yet
        _remove_abandoned(parent)
        directory = Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=parent))
        descriptor = os.open(directory, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield directory
    finally:
        shutil.rmtree(directory)
        os.close(descriptor)


@contextmanager
def _locked(directory: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a directory's lock. Without `wait`, raises BlockingIOError if another process holds it."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


def _remove_abandoned(parent: Path) -> None:
    for directory in parent.iterdir():
        # A live process uses it, or has just removed it.
        with suppress(BlockingIOError, FileNotFoundError), _locked(directory, wait=False):
            shutil.rmtree(directory)
