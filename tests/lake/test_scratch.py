"""A working directory exists while it is needed; the next process removes one that a killed process left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lake.scratch import scratch_directory

HOLD = """
from lake.scratch import scratch_directory
with scratch_directory("curate") as directory:
    (directory / "part.parquet").write_bytes(b"half")
    print(directory, flush=True)
    input()
"""


@pytest.fixture(autouse=True)
def _own_temporary_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)


def test_it_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    with scratch_directory("curate") as directory:
        (directory / "file").write_text("x")
        assert directory.is_relative_to(tmp_path)
        assert directory.parent.stat().st_mode & 0o077 == 0
    assert not directory.exists()


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_uses_is_not() -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD], stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout
        used = Path(process.stdout.readline().strip())
        with scratch_directory("curate"):
            assert (used / "part.parquet").read_bytes() == b"half"
        os.kill(process.pid, signal.SIGKILL)
    assert used.exists()
    with scratch_directory("curate") as own:
        assert not used.exists()
        assert own.exists()


def test_a_directory_of_somebody_else_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    another = os.getuid() + 1
    (tmp_path / f"boxoffice-{another}").mkdir()
    monkeypatch.setattr("os.getuid", lambda: another)
    with pytest.raises(PermissionError, match="belongs to another user"), scratch_directory("curate"):
        pass
