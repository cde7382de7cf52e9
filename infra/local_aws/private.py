"""Files for their owner only: what the stack and the local AWS write holds personal data, and nobody else may read it.

`keep_private` closes whatever this process and its children make from now on. `private_folder` makes a folder that
only its owner can enter, and closes one that an earlier version left open.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private() -> None:
    """From now on, nobody but the owner may read what this process and its children make."""
    os.umask(_OTHERS)


def private_folder(folder: Path, *, with_contents: bool = True) -> Path:
    """Make a folder that only its owner can enter, or close one that is open to others.

    What belongs to somebody else or is more than
    ours (the system's folders, a user's home) stays as it is: whoever chose it shares it.

    Args:
        folder: may be a symbolic link to a folder.
        with_contents: whether an open one is closed with everything in it.

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
    found = place.stat()
    is_shared = bool(found.st_mode & stat.S_ISVTX) or place.parent == Path(place.anchor) or place == Path.home()
    return found.st_uid == os.geteuid() and not is_shared


def _close(path: Path) -> None:
    """Take the rights of others away. What is gone meanwhile needs no closing, and a link's target is not ours."""
    try:
        found = path.lstat()
        if found.st_uid == os.geteuid() and found.st_mode & _OTHERS and not stat.S_ISLNK(found.st_mode):
            path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
    except FileNotFoundError:
        return
