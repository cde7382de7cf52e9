"""Starting, finding and ending the stack's processes."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from infra.stack.processes import ProcessDied, Processes, Service

# A service with a child that leaves its session and ignores SIGTERM: the hardest kind to end.
FAMILY = """
import pathlib, signal, subprocess, sys, time
child = subprocess.Popen(
    [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"],
    start_new_session=True,
)
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(600)
"""


def _service(ready_file: Path, code: str = FAMILY, name: str = "family", timeout: float = 30) -> Service:
    command = [sys.executable, "-c", code, str(ready_file)]
    return Service(name, command, lambda: ready_file.exists() and bool(ready_file.read_text()), timeout)


def test_what_was_started_is_found_again_and_ended_whole(tmp_path: Path) -> None:
    processes = Processes(tmp_path / "home")
    service = _service(tmp_path / "child")
    processes.start(service, os.environ)
    processes.wait_ready(service)
    child = psutil.Process(int((tmp_path / "child").read_text()))
    leader = Processes(tmp_path / "home").running("family")
    assert leader is not None

    stopped = Processes(tmp_path / "home").stop_everything(grace=5)

    assert stopped == 2
    assert not leader.is_running()
    assert not child.is_running()
    assert Processes(tmp_path / "home").running("family") is None


def test_a_second_start_leaves_the_first_alone(tmp_path: Path) -> None:
    processes = Processes(tmp_path / "home")
    service = _service(tmp_path / "child")
    try:
        processes.start(service, os.environ)
        processes.wait_ready(service)
        first = processes.running("family")
        processes.start(service, os.environ)
        assert processes.running("family") == first
    finally:
        processes.stop_everything(grace=1)


# A service with a child in its own session, as a scheduler's workers are.
WORKERS = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(600)
"""


def test_one_that_was_killed_is_known_to_have_died_and_what_it_left_is_ended(tmp_path: Path) -> None:
    processes = Processes(tmp_path / "home")
    service = _service(tmp_path / "child", code=WORKERS)
    assert not processes.has_died("family"), "never started"
    processes.start(service, os.environ)
    processes.wait_ready(service)
    assert not processes.has_died("family")
    assert processes.end_remains("family") == 0
    child = psutil.Process(int((tmp_path / "child").read_text()))
    leader = processes.running("family")
    assert leader is not None
    leader.kill()
    leader.wait(5)

    assert processes.has_died("family")
    assert processes.end_remains("family") == 1
    assert not child.is_running()
    processes.stop_everything()
    assert not processes.has_died("family"), "stopped"


def test_another_stack_is_not_touched(tmp_path: Path) -> None:
    mine, other = Processes(tmp_path / "mine"), Processes(tmp_path / "other")
    service = _service(tmp_path / "child")
    try:
        other.start(service, os.environ)
        other.wait_ready(service)
        assert mine.stop_everything() == 0
        assert other.running("family") is not None
    finally:
        other.stop_everything(grace=1)


def test_a_service_that_dies_is_reported_with_its_log(tmp_path: Path) -> None:
    processes = Processes(tmp_path / "home")
    service = _service(tmp_path / "never", code="print('no such port'); raise SystemExit(3)", name="broken")
    processes.start(service, os.environ)
    with pytest.raises(ProcessDied, match=r"broken ended while starting \(no such port\); its log is .*broken\.log"):
        processes.wait_ready(service)
    assert "no such port" in processes.log_of("broken").read_text()


def test_a_pid_that_now_belongs_to_another_program_is_not_ours(tmp_path: Path) -> None:
    processes = Processes(tmp_path / "home")
    pids = tmp_path / "home" / "run"
    pids.mkdir(parents=True)
    (pids / "family.pid").write_text(f"{os.getpid()} {time.time() + 3600:.2f}")
    assert processes.running("family") is None
    assert processes.stop_everything() == 0
