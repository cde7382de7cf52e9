"""Local working directories, of which a killed process leaves none for good: the next one to need one removes them."""

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
    """A temporary directory for as long as the block lasts; first those of killed processes are removed.

    A directory is locked by the process that uses it, and the kernel lets go of a lock however a process ends.

    Args:
        purpose: what the directory is named after.

    Raises:
        PermissionError: the directory that holds them, in the system's temporary one, belongs to somebody else.
    """
    parent = Path(tempfile.gettempdir()) / f"boxoffice-{os.getuid()}"
    parent.mkdir(mode=0o700, exist_ok=True)
    if parent.stat().st_uid != os.getuid():
        raise PermissionError(f"{parent} belongs to another user: remove it, or set TMPDIR to a directory of your own")
    with _locked(parent):  # so that nobody takes a directory for abandoned that is only about to be locked
        _remove_abandoned(parent)
        made = Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=parent))
        in_use = os.open(made, os.O_RDONLY)
        fcntl.flock(in_use, fcntl.LOCK_EX)
    try:
        yield made
    finally:
        shutil.rmtree(made)
        os.close(in_use)


@contextmanager
def _locked(directory: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a directory's lock. Raises BlockingIOError when another process has it and it is not to be waited for."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


def _remove_abandoned(parent: Path) -> None:
    for found in parent.iterdir():
        # a living process works in it, or has just removed it
        with suppress(BlockingIOError, FileNotFoundError), _locked(found, wait=False):
            shutil.rmtree(found)
