"""What services, tasks and jobs wrote, found by a name and shown so that a person can read it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.launcher import logs
from infra.launcher.app import app

ERROR = {
    "timestamp": "2026-11-30T12:04:48.812Z",
    "level": "error",
    "event": "Task failed",
    "dag_id": "tickit_load",
    "rows": 3,
    "error_detail": [
        {
            "exc_type": "Refused",
            "exc_value": "venue [/live]\x1b[2J",
            "frames": [{"filename": "/repo/dags/steps.py", "lineno": 7, "name": "load"}],
        }
    ],
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the logs of a service, of two attempts of a task, and of a Glue job."""
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path))
    monkeypatch.delenv("COLUMNS", raising=False)
    attempts = "airflow/logs/dag_id=tickit_load/run_id=manual__1/task_id=extract/map_index=0/attempt={}.log"
    files = {
        "logs/local-aws.log": "".join(f"line {number}\n" for number in range(500)),
        attempts.format(1): json.dumps({"event": "first attempt"}) + "\n",
        attempts.format(2): "".join(f"{line}\n" for line in ("::group::", json.dumps(ERROR))),
        "aws/glue/runs/jr_1.log": "Spark says\n",
        "aws/glue/runs/jr_1.json": json.dumps({"job_name": "boxoffice-tickit-star-local"}),
    }
    for age, (name, text) in enumerate(files.items()):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (1_800_000_000 + age, 1_800_000_000 + age))
    return tmp_path


def show(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["logs", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_without_a_name_it_lists_what_there_is(home: Path) -> None:
    rows = [line.split() for line in show().splitlines()]
    assert ["service", "local-aws", "4,390"] in rows
    assert ["Glue", "job", "boxoffice-tickit-star-local", "11"] in rows
    assert rows[-1][:3] == ["task", "tickit_load", "extract"]


def test_a_service_by_its_name_and_only_its_last_lines(home: Path) -> None:
    assert show("local-aws", "-n", "2") == "line 498\nline 499\n"
    assert len(show("local-aws").splitlines()) == 100


@pytest.mark.parametrize("name", [("tickit_load", "extract"), ("extract",), ("tickit_load",)])
def test_a_task_shows_its_newest_attempt_in_words(home: Path, name: tuple[str, ...]) -> None:
    assert show(*name).splitlines() == [
        "::group::",
        "2026-11-30T12:04:48 error    Task failed rows=3",
        "    /repo/dags/steps.py:7 in load",
        r"  Refused: venue [/live]\x1b[2J",
    ]


def test_a_glue_job_by_its_name(home: Path) -> None:
    assert show("boxoffice-tickit-star-local") == "Spark says\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (["nonesuch"], "there is no log of 'nonesuch'; there is: local-aws, boxoffice-tickit-star-local, tickit_load"),
        (["tickit_load", "publish"], "there is no log of task 'publish' of tickit_load; there is: extract"),
    ],
)
def test_a_name_that_wrote_nothing_is_answered_with_those_that_did(home: Path, name: list[str], words: str) -> None:
    done = CliRunner().invoke(app, ["logs", *name])
    assert done.exit_code == 2
    assert words in done.stderr


def test_a_home_without_logs_says_how_to_get_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path))
    assert "'./boxoffice up' starts the stack" in show()


def test_following_shows_whole_lines_as_they_come_and_survives_a_new_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / "logs" / "local-aws.log"
    path.write_text("old\n")
    added = iter(["half", " a line\n", None, "x\n"])

    def sleep(seconds: float) -> None:
        text = next(added, "end")
        if text == "end":
            raise KeyboardInterrupt
        if text is None:
            path.write_text("")  # the service was started again
        else:
            with path.open("a") as file:
                file.write(text)

    monkeypatch.setattr("infra.launcher.logs.time.sleep", sleep)
    with pytest.raises(KeyboardInterrupt):
        logs.show(path, 10, follow=True)
    assert capsys.readouterr().out.splitlines() == ["old", "half a line", "x"]


def test_following_ends_by_ctrl_c_without_a_traceback(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("infra.launcher.logs.time.sleep", interrupt)
    done = CliRunner().invoke(app, ["logs", "local-aws", "-f", "-n", "1"])
    assert (done.exit_code, done.stdout) == (130, "line 499\n")
    assert "Traceback" not in done.output
