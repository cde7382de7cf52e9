"""Which stack a command works on: the one of its home, as it was started, from whatever terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aws_services.errors import NotFound
from infra.launcher.app import app
from infra.stack import provisioning
from infra.stack.processes import Processes, Service
from infra.stack.record import SIMULATOR, HomeRecord, UnreadableRecord
from infra.stack.services import NoApiKey
from infra.stack.stack import Stack, StackError
from settings import Settings

ROOT = Path(__file__).resolve().parents[3]
REAL = "https://app.ticketmaster.com/discovery/v2"
CHOSEN = {"BOXOFFICE_AIRFLOW_PORT": "21701", "BOXOFFICE_AWS_PORT": "21702", "TICKETMASTER_COUNTRIES": "ca, us"}

ACCOUNT = {"BOXOFFICE_AWS_ACCOUNT": "210987654321"}


@pytest.fixture(autouse=True)
def terminal_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A terminal where only the home is set."""
    for name in [name for name in os.environ if name.startswith(("BOXOFFICE_", "TICKETMASTER_", "TICKIT_", "AWS_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path / "home"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def start(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Starts services of the home that only sleep, as `up` does with these variables."""
    processes = Processes(home)

    def start(*names: str, **variables: str) -> None:
        with pytest.MonkeyPatch.context() as first_terminal:
            for name, value in variables.items():
                first_terminal.setenv(name, value)
            stack = Stack(Settings())
            stack.record.write(stack.settings, stack.api)
        for name in names:
            service = Service(name, [sys.executable, "-c", "import time; time.sleep(600)"], lambda: True)
            processes.start(service, os.environ)

    yield start
    processes.stop_everything(grace=2)


def second_terminal(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    own = {"BOXOFFICE_HOME": str(home), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], **variables}
    command = [sys.executable, "-m", "infra.launcher", *arguments]
    return subprocess.run(command, env=own, capture_output=True, text=True, timeout=60)


def test_a_second_terminal_finds_the_stack_where_it_was_started(home: Path, start: Callable[..., None]) -> None:
    start("local-aws", **CHOSEN, BOXOFFICE_ENVIRONMENT="demo", BOXOFFICE_TODAY="2026-11-20")
    state = json.loads(second_terminal(home, "status", "--json").stdout)
    assert state["urls"]["airflow"] == "http://127.0.0.1:21701"
    assert state["urls"]["aws"] == "http://127.0.0.1:21702"
    assert state["processes"]["local-aws"]["state"] == "up"


def test_what_the_record_says_reaches_the_names_of_resources_and_the_tasks(
    home: Path, start: Callable[..., None]
) -> None:
    start("local-aws", **CHOSEN, BOXOFFICE_ENVIRONMENT="demo", BOXOFFICE_TODAY="2026-11-20", **ACCOUNT)
    code = (
        "from infra.stack import record; record.follow()\n"
        "from aws_services import resources; from infra.stack.stack import Stack; from settings import Settings\n"
        "given = Stack(Settings()).airflow_environment()\n"
        "print(resources.SUFFIX, resources.ACCOUNT, given['TICKETMASTER_COUNTRIES'], given['BOXOFFICE_TODAY'])"
    )
    own = {"BOXOFFICE_HOME": str(home), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["demo", "210987654321", "CA,US", "2026-11-20"], done.stderr


def test_a_variable_that_says_otherwise_is_refused_with_both_values(
    home: Path, start: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    start("local-aws", **CHOSEN)
    monkeypatch.setenv("BOXOFFICE_AIRFLOW_PORT", "9999")
    monkeypatch.setenv("BOXOFFICE_AWS_ACCOUNT", "210987654321")
    monkeypatch.setenv("TICKETMASTER_HORIZON_DAYS", "7")
    monkeypatch.setenv("TICKETMASTER_API_KEY", "canary-of-a-key")
    for command in (
        ["status"],
        ["sql", "select 1"],
        ["trigger", "tickit_load"],
        ["replay", "tickit"],
        ["airflow"],
        ["run"],
    ):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 2, command
        assert "BOXOFFICE_AIRFLOW_PORT is 9999, but the stack runs with 21701" in done.stderr
        assert "BOXOFFICE_AWS_ACCOUNT is 210987654321, but the stack runs with the default, 123456789012" in done.stderr
        assert "TICKETMASTER_HORIZON_DAYS is 7, but the stack runs with the default, 30" in done.stderr
        assert "TICKETMASTER_API_KEY is set, but the stack runs with the simulator" in done.stderr
        assert "'./boxoffice down' first" in done.stderr
        assert "canary" not in done.output
    with pytest.raises(StackError, match="BOXOFFICE_AIRFLOW_PORT is 9999"):
        Stack(Settings()).up()


def test_the_same_said_otherwise_is_no_contradiction(
    home: Path, start: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    start("local-aws", **CHOSEN)
    for name, value in (("TICKETMASTER_COUNTRIES", "CA,US"), ("AWS_ENDPOINT_URL", "http://localhost:21702")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("BOXOFFICE_AWS_PORT", "21702")
    monkeypatch.setenv("BOXOFFICE_WAREHOUSE_PORT", "5439")
    assert HomeRecord(home).contradictions(Settings()) == []
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:5000")
    (line,) = HomeRecord(home).contradictions(Settings())
    assert line == "AWS_ENDPOINT_URL is http://localhost:5000, but the stack runs with none"


def test_down_works_whatever_the_terminal_says(start: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    start("local-aws", **CHOSEN)
    monkeypatch.setenv("BOXOFFICE_AIRFLOW_PORT", "9999")
    done = CliRunner().invoke(app, ["down"])
    assert (done.exit_code, done.stdout) == (0, "stopped 1 processes\n"), done.stderr


def test_the_record_outlives_down_and_a_variable_wins_over_it(home: Path, start: Callable[..., None]) -> None:
    start("local-aws", **CHOSEN, BOXOFFICE_TODAY="2026-11-20")
    Stack(Settings()).down()
    terminal = {"BOXOFFICE_AIRFLOW_PORT": "9999"}
    added = HomeRecord(home).recall(terminal, is_running=False)
    assert added == {"BOXOFFICE_AWS_PORT": "21702", "TICKETMASTER_COUNTRIES": "CA,US"}, (
        "a pretended date ends with down"
    )
    assert terminal == {"BOXOFFICE_AIRFLOW_PORT": "9999", **added}


def test_a_query_needs_the_warehouse_alone(start: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    queried = []
    monkeypatch.setattr("infra.launcher.queries.run", lambda *arguments: queried.append(arguments))
    assert CliRunner().invoke(app, ["sql", "select 1"]).exit_code == 1
    start("local-aws")
    done = CliRunner().invoke(app, ["sql", "select 1"])
    assert (done.exit_code, len(queried)) == (0, 1), done.output
    assert CliRunner().invoke(app, ["trigger", "tickit_load"]).exit_code == 1, "Airflow is not up"


def test_a_stack_of_the_real_api_needs_no_key_once_it_is_up(home: Path, start: Callable[..., None]) -> None:
    start("local-aws", TICKETMASTER_API_KEY="canary-of-a-key")
    stack = Stack(Settings())
    assert not stack.uses_simulator
    assert "simulator" not in stack.process_names()
    assert stack.status()["urls"]["discovery"] == REAL
    assert HomeRecord(home).api == REAL
    assert "canary" not in HomeRecord(home).path.read_text()


def test_a_home_of_simulated_events_takes_no_real_ones(
    home: Path, start: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    start()
    assert HomeRecord(home).api == SIMULATOR
    monkeypatch.setenv("TICKETMASTER_API_KEY", "canary-of-a-key")
    with pytest.raises(StackError, match="has events of the simulator"):
        Stack(Settings()).up()


def test_the_key_that_was_given_once_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    class Secrets:
        def get(self, name: str) -> str:
            raise NotFound("GetSecretValue", name, "there is none")

    monkeypatch.setattr(provisioning, "SecretsManager", Secrets)
    with pytest.raises(NoApiKey, match="TICKETMASTER_API_KEY"):
        provisioning.prepare("http://127.0.0.1:1", Settings(), print, is_simulated=False)


def test_a_stack_elsewhere_is_pointed_out(home: Path, start: Callable[..., None], tmp_path: Path) -> None:
    start("local-aws")
    done = second_terminal(tmp_path / "other", "sql", "select 1")
    assert done.returncode == 1
    assert f"the stack of {tmp_path / 'other'} is not up; './boxoffice up' starts it" in done.stderr
    assert f"BOXOFFICE_HOME={home}" in done.stderr


@pytest.mark.parametrize("content", ["{", "[]", '{"BOXOFFICE_AIRFLOW_PORT": "eighty"}'])
def test_a_damaged_record_is_named(home: Path, start: Callable[..., None], content: str) -> None:
    start("local-aws")
    record = HomeRecord(home)
    record.path.write_text(content)
    with pytest.raises(UnreadableRecord, match=r"run/settings\.json.*remove it"):
        record.contradictions(Settings())


def test_an_interrupted_write_leaves_the_record_as_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOXOFFICE_AIRFLOW_PORT", "21701")
    record = HomeRecord(home)
    record.write(Settings(), SIMULATOR)
    monkeypatch.setenv("BOXOFFICE_AIRFLOW_PORT", "21799")
    monkeypatch.setattr(Path, "replace", lambda self, target: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        record.write(Settings(), SIMULATOR)
    assert record.variables() == {"BOXOFFICE_AIRFLOW_PORT": "21701"}
