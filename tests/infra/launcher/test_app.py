"""The command line as a newcomer meets it."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from infra.launcher.app import app

COMMANDS = ("run", "up", "down", "status", "reset", "trigger", "replay", "sql", "validate", "test", "lint")


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, tmp_path) -> CliRunner:
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path))
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


def test_a_setting_that_is_not_valid_is_named(cli: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKETMASTER_COUNTRIES", "Canada")
    result = cli.invoke(app, ["status"])
    assert result.exit_code == 2
    assert "TICKETMASTER_COUNTRIES" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["sql", "select 1"], ["trigger", "ticketmaster_daily"], ["replay", "ticketmaster"]]
)
def test_commands_that_need_the_stack_say_how_to_start_it(cli: CliRunner, arguments: list[str]) -> None:
    result = cli.invoke(app, arguments)
    assert result.exit_code == 1
    assert "./boxoffice up" in result.stderr


def test_options_of_pipelines_are_refused_for_other_dags(cli: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.launcher.app._require_up", lambda stack: None)
    result = cli.invoke(app, ["trigger", "warehouse_maintenance", "--date", "2026-03-02"])
    assert result.exit_code == 2
    assert "warehouse_maintenance is no pipeline" in result.stderr
    assert "ticketmaster_daily" in result.stderr


def test_status_of_a_stack_that_is_down(cli: CliRunner) -> None:
    result = cli.invoke(app, ["status"])
    assert result.exit_code == 3
    assert "airflow-scheduler" in result.output


def test_down_with_nothing_running(cli: CliRunner) -> None:
    result = cli.invoke(app, ["down"])
    assert result.exit_code == 0
    assert "nothing was running" in result.output
