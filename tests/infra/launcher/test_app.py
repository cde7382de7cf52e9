"""The command line as a newcomer meets it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from infra.launcher.app import app
from infra.launcher.follow import DagRunOutcome, Failure
from infra.stack.stack import Stack
from warehouse.stars import stars

COMMANDS = (
    *("run", "up", "down", "status", "reset", "logs", "trigger", "replay", "sql", "login", "validate"),
    *("test", "lint", "completion", "deploy", "destroy"),
)


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, tmp_path) -> CliRunner:
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path))
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)  # of a local AWS that other tests share
    return CliRunner()


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_help_names_every_command(cli: CliRunner) -> None:
    output = _plain(cli.invoke(app, ["--help"]).output)
    assert all(re.search(rf"\b{command}\b", output) for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(cli: CliRunner, command: str) -> None:
    result = cli.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert f"Usage: root {command}" in _plain(result.output)


def test_a_date_that_is_none_is_refused_with_the_form_wanted(cli: CliRunner) -> None:
    result = cli.invoke(app, ["run", "--date", "tomorrow"])
    assert result.exit_code == 2
    assert "%Y-%m-%d" in _plain(result.output)


@pytest.mark.parametrize("command", [["run"], ["trigger", "tickit_load"], ["replay", "tickit"]])
def test_a_day_that_is_still_to_come_is_refused_before_anything_is_done(
    cli: CliRunner, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("BOXOFFICE_TODAY", "2026-03-02")
    monkeypatch.setattr(Stack, "up", lambda self: pytest.fail("the stack is not to be started"))
    result = cli.invoke(app, [*command, "--date", "2026-03-03"])
    assert result.exit_code == 2
    assert "2026-03-03 is in the future: today is 2026-03-02 (UTC)" in result.stderr


def test_a_file_where_a_folder_is_expected_is_told_so(cli: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "sales.txt").write_text("1|2")
    result = cli.invoke(app, ["trigger", "tickit_load", "--location", str(tmp_path / "sales.txt")])
    assert result.exit_code == 2
    assert "is a file; --location takes the folder" in result.stderr


def test_a_setting_that_is_not_valid_is_named(cli: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKETMASTER_COUNTRIES", "Canada")
    monkeypatch.setenv("BOXOFFICE_AIRFLOW_PORT", "eighty")
    result = cli.invoke(app, ["status"])
    assert result.exit_code == 2
    assert "\n  TICKETMASTER_COUNTRIES: " in result.stderr
    assert "\n  BOXOFFICE_AIRFLOW_PORT: " in result.stderr
    assert "(it is 'eighty')" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["sql", "select 1"], ["trigger", "ticketmaster_daily"], ["replay", "ticketmaster"]]
)
def test_commands_that_need_the_stack_say_how_to_start_it(cli: CliRunner, arguments: list[str]) -> None:
    result = cli.invoke(app, arguments)
    assert result.exit_code == 1
    assert "./boxoffice up" in result.stderr


class Airflow:
    """Knows the parameters of DAGs, and what was triggered."""

    def __init__(self) -> None:
        self.declared = {
            "ticketmaster_daily": ["date", "refetch", "rebuild", "accept_drop"],
            "tickit_load": ["date", "location", "full", "refetch", "rebuild", "accept_drop"],
            "warehouse_maintenance": ["dry_run", "staging_days"],
        }
        self.triggered: list[tuple[str, dict[str, Any]]] = []

    def has_dag(self, dag_id: str) -> bool:
        return dag_id in self.declared

    def params(self, dag_id: str) -> list[str]:
        return self.declared[dag_id]

    def trigger(self, dag_id: str, conf: dict[str, Any]) -> str:
        self.triggered.append((dag_id, conf))
        return "manual__1"


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch) -> Airflow:
    stand_in = Airflow()
    monkeypatch.setattr("infra.launcher.commands.access.require_up", lambda stack: None)
    monkeypatch.setattr(Stack, "airflow", stand_in)
    monkeypatch.setenv("BOXOFFICE_TODAY", "2026-03-02")
    return stand_in


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        (["warehouse_maintenance", "--date", "2026-03-02"], "has no parameter date; it has: dry_run, staging_days"),
        (["ticketmaster_daily", "--full", "--location", "."], "has no parameter location, full; it has: date, refetch"),
    ],
)
def test_what_a_dag_does_not_take_is_refused(
    cli: CliRunner, airflow: Airflow, arguments: list[str], refused: str
) -> None:
    result = cli.invoke(app, ["trigger", *arguments])
    assert result.exit_code == 2
    assert f"{arguments[0]} {refused}" in result.stderr
    assert airflow.triggered == []


def test_a_dag_gets_what_was_given_and_the_day_that_it_needs(cli: CliRunner, airflow: Airflow) -> None:
    for arguments in (
        ["tickit_load", "--location", "https://files.example/tickit/", "--full"],
        ["ticketmaster_daily", "--date", "2026-03-01", "--accept-drop"],
        ["warehouse_maintenance"],
    ):
        result = cli.invoke(app, ["trigger", *arguments])
        assert result.exit_code == 0, result.output
    assert airflow.triggered == [
        ("tickit_load", {"date": "2026-03-02", "location": "https://files.example/tickit/", "full": True}),
        ("ticketmaster_daily", {"date": "2026-03-01", "accept_drop": True}),
        ("warehouse_maintenance", {}),
    ]


def test_a_folder_is_given_by_its_whole_path_and_must_be_there(
    cli: CliRunner, airflow: Airflow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "files").mkdir()
    monkeypatch.chdir(tmp_path)
    assert cli.invoke(app, ["trigger", "tickit_load", "--location", "files"]).exit_code == 0
    ((_, conf),) = airflow.triggered
    assert conf["location"] == str(tmp_path / "files")
    missing = cli.invoke(app, ["trigger", "tickit_load", "--location", "flies"])
    assert missing.exit_code == 2
    assert f"there is no folder {tmp_path / 'flies'}" in missing.stderr
    assert len(airflow.triggered) == 1


@pytest.mark.parametrize(
    ("failed", "words"),
    [
        ("extract [sales]", "the same command resumes the run"),
        ("audit", "the same command without --full, --location resumes the run"),
    ],
)
def test_a_failed_run_is_told_how_to_be_taken_up_again(
    cli: CliRunner, airflow: Airflow, monkeypatch: pytest.MonkeyPatch, failed: str, words: str
) -> None:
    outcome = DagRunOutcome("failed", 1.0, [Failure(failed, "Refused: why", Path("task.log"))])
    follower = SimpleNamespace(follow=lambda dag_id, run_id: outcome)
    monkeypatch.setattr("infra.launcher.dag_run.Follower", lambda *arguments: follower)
    monkeypatch.setattr("infra.launcher.summary.Progress", lambda *arguments: SimpleNamespace(detail=None))
    location = "https://files.example/tickit/"
    result = cli.invoke(app, ["trigger", "tickit_load", "--full", "--location", location, "--wait"])
    assert result.exit_code == 1
    assert f"task {failed}: Refused: why" in result.stderr
    assert words in result.stderr


def test_run_runs_every_pipeline_whatever_becomes_of_the_others(
    cli: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def run_dag(stack: Stack, dag_id: str, day: date | None) -> DagRunOutcome:
        ran.append((dag_id, day))
        if dag_id == stars()[0].pipeline:
            raise typer.Exit(1)
        return DagRunOutcome("success", 1.0)

    monkeypatch.setattr("infra.launcher.dag_run.run", run_dag)
    monkeypatch.setattr("infra.launcher.commands.access.bring_up", lambda stack: None)
    reported = []

    def write_report(stack: Stack) -> None:
        reported.append(list(ran))
        raise OSError("no space left")

    monkeypatch.setattr("infra.launcher.report.write", write_report)
    result = cli.invoke(app, ["run", "--date", "2026-03-01"])
    assert result.exit_code == 1
    assert ran == [(star.pipeline, date(2026, 3, 1)) for star in stars()]
    assert f"{stars()[0].pipeline} failed" in result.stderr
    assert reported == [ran]
    assert "the report was not written: no space left" in result.stderr


def test_status_of_a_stack_that_is_down(cli: CliRunner) -> None:
    result = cli.invoke(app, ["status"])
    assert result.exit_code == 3
    assert "airflow-scheduler" in result.output


def test_down_with_nothing_running(cli: CliRunner) -> None:
    result = cli.invoke(app, ["down"])
    assert result.exit_code == 0
    assert "nothing was running" in result.output
