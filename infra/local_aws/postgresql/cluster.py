"""Prepares an embedded PostgreSQL cluster: initialises it, and ends processes that still use it."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

import psutil

from .layout import Home, as_server_user, readable_by_server, server_binaries


class ClusterError(RuntimeError):
    """A cluster could not be initialised. The message contains PostgreSQL's reason."""


def initialise(home: Home, user: str, password: str) -> None:
    """Creates an empty cluster with superuser `user`, who needs a password on every connection.

    Raises:
        ClusterError: initdb failed.
    """
    with readable_by_server(password) as password_file:
        command = [
            str(server_binaries(home) / "initdb"), "-D", str(home.data), "-U", user, "-E", "UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync",
            "-A", "scram-sha-256", f"--pwfile={password_file}",
        ]  # fmt: skip
        result = subprocess.run(command, check=False, capture_output=True, cwd="/", **as_server_user())
    if result.returncode:
        raise ClusterError(f"initdb failed: {result.stderr.decode(errors='replace').strip()}")


def read_pid_file(path: Path) -> tuple[int | None, int | None]:
    """Process id and port in a server's pid file; None for a value that is not (yet) in it."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return None, None
    pid = int(lines[0]) if lines and lines[0].strip().isdigit() else None
    port = int(lines[3]) if len(lines) > 3 and lines[3].strip().isdigit() else None
    return pid, port


def socket_folder_of(path: Path) -> Path | None:
    """The folder of a running server's Unix socket, by its pid file; None if it has none (yet)."""
    lines = path.read_text().splitlines() if path.exists() else []
    return Path(lines[4]) if len(lines) > 4 and lines[4].startswith("/") else None


def end_orphans(data: Path) -> None:
    """Kills the children of a server that was killed. They end by themselves, but not in the middle of a query.

    A new server that runs at the same time would write the same files.
    """
    orphans = [process for process in psutil.process_iter() if _works_in(process, data)]
    for process in orphans:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(orphans, timeout=10)


def _works_in(process: psutil.Process, data: Path) -> bool:
    """Whether a process is PostgreSQL's and works in this directory, as all processes of a cluster do."""
    try:
        return process.name().startswith("postgres") and Path(process.cwd()) == data.resolve()
    except (psutil.Error, OSError):
        return False


def is_server(pid: int, data: Path) -> bool:
    """Whether `pid` is a PostgreSQL server of this data directory. A stale file may name another process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False
    command = Path(f"/proc/{pid}/cmdline")
    if not command.parent.parent.joinpath("self").exists():  # no /proc (macOS): trust the pid file
        return True
    try:
        return str(data) in command.read_bytes().decode(errors="replace").split("\0")
    except FileNotFoundError:
        return False
