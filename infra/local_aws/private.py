"""Files that only their owner can read: the stack and the local AWS write personal data.

`keep_private` applies to everything that this process and its children create from now on. `private_folder` creates a
folder that only its owner can enter, and closes one that an earlier version left open.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private() -> None:
    """Makes everything that this process and its children create from now on readable by the owner only."""
    os.umask(_OTHERS)


def private_folder(folder: Path, *, with_contents: bool = True) -> Path:
    """Creates a folder that only its owner can enter, or closes one that is open to others.

    It does not change a folder that belongs to another user, or that is more than ours (a system folder, a user's
    home): its owner has decided to share it.

    Args:
        folder: may be a symbolic link to a folder.
        with_contents: whether to close an open folder's contents too.

    Returns:
        The folder.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder.resolve()
    if _is_ours(place) and place.stat().st_mode & _OTHERS:
        _close(place)
        for parent, folders, files in os.walk(place) if with_contents else ():
            for name in (*folders, *files):
                _close(Path(parent, name))
    return folder


def _is_ours(place: Path) -> bool:
    status = place.stat()
    is_shared = bool(status.st_mode & stat.S_ISVTX) or place.parent == Path(place.anchor) or place == Path.home()
    return status.st_uid == os.geteuid() and not is_shared


def _close(path: Path) -> None:
    """Removes the permissions of others. Ignores files that have just been deleted, and does not follow links."""
    try:
        status = path.lstat()
        if status.st_uid == os.geteuid() and status.st_mode & _OTHERS and not stat.S_ISLNK(status.st_mode):
            path.chmod(stat.S_IMODE(status.st_mode) & ~_OTHERS)
    except FileNotFoundError:
        return
