"""Ctrl-C and unexpected errors: the output names what goes on, no step is left half done, no traceback is shown."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from infra import children
from infra.launcher import app as launcher
from infra.launcher import dag_run
from infra.launcher.app import app
from infra.stack import removal
from infra.stack.processes import Processes, Service
from infra.stack.stack import Stack

ROOT = Path(__file__).resolve().parents[3]
ASLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path))
    monkeypatch.setenv("BOXOFFICE_TODAY", "2026-03-02")
    return tmp_path


def interrupt(*arguments: Any, **named: Any) -> Any:
    raise KeyboardInterrupt


def test_a_run_that_is_left_goes_on_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dag_run, "trigger", lambda *arguments, **params: "manual__1")
    monkeypatch.setattr("infra.launcher.summary.Progress", lambda *arguments: SimpleNamespace(detail=None))
    monkeypatch.setattr("infra.launcher.dag_run.Follower", lambda *arguments: SimpleNamespace(follow=interrupt))
    monkeypatch.setattr("infra.launcher.commands.access.bring_up", lambda stack: None)
    monkeypatch.setattr("infra.launcher.commands.access.require_up", lambda stack: None)
    for command in (["run"], ["trigger", "tickit_load", "--wait"]):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 130
        (line, *advice) = done.stderr.strip().splitlines()
        assert "goes on in Airflow: http://127.0.0.1:8080/dags/t" in line
        assert "/runs/manual__1" in line
        assert "./boxoffice status" in advice[0]
        assert "Traceback" not in done.output
        assert done.stdout.count("running ") == 1, "the other pipelines are not started"


@pytest.mark.parametrize("was_up", [False, True])
def test_an_interrupted_start_is_taken_back_unless_something_ran_before(
    home: Path, monkeypatch: pytest.MonkeyPatch, was_up: bool
) -> None:
    processes = Processes(home)

    def up(self: Stack) -> None:
        processes.start(Service("simulator", ASLEEP, lambda: True), os.environ)
        raise KeyboardInterrupt

    monkeypatch.setattr(Stack, "up", up)
    if was_up:
        processes.start(Service("local-aws", ASLEEP, lambda: True), os.environ)
    try:
        done = CliRunner().invoke(app, ["up"])
        assert done.exit_code == 130
        assert ("processes that ran before still run" in done.stderr) == was_up
        assert processes.any_running() == was_up
        assert "./boxoffice up" in done.stderr
    finally:
        processes.stop_everything(grace=1)


def _fill(home: Path) -> None:
    for name in ("aws", "airflow", "logs", "run", "venv"):
        (home / name / "below").mkdir(parents=True)
        (home / name / "below" / "file").write_text("data")
    for name in ("report.html", "report-operations.html"):
        (home / name).touch()


def test_a_reset_removes_all_data_and_keeps_the_environment(home: Path) -> None:
    _fill(home)
    done = CliRunner().invoke(app, ["reset", "--yes"])
    assert done.exit_code == 0, done.output
    assert [path.name for path in home.iterdir()] == ["venv"]


def test_an_interrupted_reset_leaves_no_half_of_the_data_in_use(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(home)
    with monkeypatch.context() as broken:
        broken.setattr("infra.stack.removal.rmtree", interrupt)
        assert CliRunner().invoke(app, ["reset", "--yes"]).exit_code == 130
    assert sorted(path.name for path in home.iterdir()) == [".removed", "venv"]
    removal.remove(home)
    assert [path.name for path in home.iterdir()] == ["venv"]


def test_ctrl_c_at_the_question_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(home)
    monkeypatch.setattr("typer.confirm", interrupt)
    done = CliRunner().invoke(app, ["reset"])
    assert done.exit_code == 130
    assert (home / "aws" / "below" / "file").exists()


def test_what_cannot_be_removed_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any) -> None:
        raise PermissionError(13, "Permission denied", "lake")

    _fill(home)
    monkeypatch.setattr("infra.stack.removal.rmtree", refuse)
    done = CliRunner().invoke(app, ["reset", "--yes"])
    assert done.exit_code == 1
    assert "not all data could be removed" in done.stderr


def test_a_program_that_was_given_the_terminal_cleans_up_after_ctrl_c(tmp_path: Path) -> None:
    """As pytest's fixtures must: they stop databases and Spark."""
    code = (
        "import pathlib, sys, time\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "try:\n    (folder / 'began').touch(); time.sleep(60)\n"
        "except KeyboardInterrupt:\n    time.sleep(1); (folder / 'cleaned').touch(); sys.exit(2)\n"
    )
    launcher_code = (
        f"from infra import children; import os, sys; "
        f"sys.exit(children.run([sys.executable, '-c', {code!r}], os.environ))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", launcher_code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - as in a terminal
    )
    deadline = time.monotonic() + 60
    while not (tmp_path / "began").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=60) == 130
    assert (tmp_path / "cleaned").exists()


def test_a_programs_own_exit_code_is_passed_on() -> None:
    assert children.run([sys.executable, "-c", "raise SystemExit(5)"], os.environ) == 5


def test_an_error_that_nobody_foresaw_is_a_line_and_its_traceback_a_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(self: Stack) -> None:
        raise KeyError("venue [/live]\x1b[2J")

    monkeypatch.setattr(Stack, "status", fail)
    monkeypatch.setattr("sys.argv", ["boxoffice", "status"])
    with pytest.raises(SystemExit) as ended:
        launcher.main()
    assert ended.value.code == 70
    error_lines = capsys.readouterr().err.splitlines()
    assert len(error_lines) == 2
    assert "unexpected KeyError" in error_lines[0]
    (log,) = (home / "logs").glob("boxoffice-*.log")
    assert str(log) in error_lines[1]
    assert "Traceback" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_an_unexpected_error_in_a_home_that_cannot_be_written_is_told_too(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "logs").touch()
    monkeypatch.setattr(Stack, "status", lambda self: 1 / 0)
    monkeypatch.setattr("sys.argv", ["boxoffice", "status"])
    with pytest.raises(SystemExit):
        launcher.main()
    assert "could not be written" in capsys.readouterr().err
