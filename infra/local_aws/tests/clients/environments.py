"""Environments of Redshift's clients: each is a Python of its own with pinned packages, made once and kept.

The packages of a client conflict with those of the product (SQLAlchemy, boto3). So it runs in a process of its own.
`locks/NAME.txt` pins them: `uv pip compile locks/NAME.in -o locks/NAME.txt` writes it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parent
_ROOT = Path(__file__).resolve().parents[4]
_INSTALL_SECONDS = 900
_SESSION_SECONDS = 300


def environment(name: str) -> Path:
    """The Python of a client's environment; the first time, making it takes about a minute.

    A test that needs it is skipped if its packages can't be downloaded.
    """
    lock = _FOLDER / "locks" / f"{name}.txt"
    digest = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:12]
    home = Path(os.environ.get("BOXOFFICE_HOME", _ROOT / ".boxoffice")) / "clients" / f"{name}-{digest}"
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / f"{home.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not (home / ".complete").exists():
            shutil.rmtree(home, ignore_errors=True)
            _install(lock, home)
            (home / ".complete").touch()
    return home / "bin" / "python"


def _install(lock: Path, home: Path) -> None:
    uv = [sys.executable, "-m", "uv"]
    python = str(home / "bin" / "python")
    steps = [
        [*uv, "venv", "--quiet", "--no-python-downloads", "--python", sys.executable, str(home)],
        [*uv, "pip", "install", "--quiet", "--python", python, "-r", str(lock)],
    ]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False, timeout=_INSTALL_SECONDS)
        if done.returncode:
            pytest.skip(f"the packages of {lock.name} cannot be installed here: {done.stderr.strip()[-300:]}")


def run(command: Sequence[str | Path], env: Mapping[str, str], cwd: Path | None = None) -> str:
    """Runs a client's command and returns its output; the test fails with that output if the command fails."""
    done = subprocess.run(
        list(map(str, command)),
        env={**os.environ, **env},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SESSION_SECONDS,
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def session(name: str, environment_name: str, env: Mapping[str, str]) -> str:
    """Runs `sessions/NAME.py` in an environment. It asserts by itself, and what it prints is returned."""
    return run([environment(environment_name), _FOLDER / "sessions" / f"{name}.py"], env)
