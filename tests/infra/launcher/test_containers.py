"""What containers run besides Airflow: secrets that are made once, parts that serve, health that can be bad."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from unittest.mock import Mock, patch
from unittest.mock import call as mock_call

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result
from werkzeug import Request, Response
from werkzeug.serving import make_server

from infra.launcher import containers
from infra.stack import health, provisioning
from settings import Settings
from warehouse.stars import stars

PIPELINES = [star.pipeline for star in stars()]
REAL = "https://app.ticketmaster.com/discovery/v2"
SIMULATED = "http://simulator:8090/discovery/v2"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(containers.app, arguments)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "TICKETMASTER_API_KEY", "TICKETMASTER_API_URL", "BOXOFFICE_TODAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def airflow_health() -> Iterator[str]:
    """URL of a server that answers as Airflow does when its triggerer is gone."""

    @Request.application
    def answer(request: Request) -> Response:
        body = '{"scheduler": {"status": "healthy"}, "triggerer": {"status": "unhealthy"}, "dag_processor": null}'
        return Response(body, 200 if request.path == "/health" else 404)

    server = make_server("127.0.0.1", 0, answer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_secrets_are_random_kept_and_closed_to_others(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
        assert call("secrets", str(folder)).exit_code == 0
    first = {path.name: path.read_text() for path in here.iterdir()}
    assert set(first) == {"postgres-password", "pgpass", "api-secret-key", "jwt-secret", "fernet-key"}
    assert not set(first.values()) & {path.read_text() for path in there.iterdir()}
    assert call("secrets", str(here)).exit_code == 0
    assert {path.name: path.read_text() for path in here.iterdir()} == first
    for path in here.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o037 == 0, path


def test_the_secrets_fit_what_reads_them(tmp_path: Path) -> None:
    output = call("secrets", str(tmp_path)).output
    password = (tmp_path / "postgres-password").read_text()
    assert (tmp_path / "pgpass").read_text() == f"postgres:5432:airflow:airflow:{password}\n"
    assert stat.S_IMODE((tmp_path / "pgpass").stat().st_mode) == 0o600  # libpq reads no other
    assert stat.S_IMODE((tmp_path / "postgres-password").stat().st_mode) == 0o440  # the database's user is another
    Fernet((tmp_path / "fernet-key").read_text())
    assert not any(path.read_text() in output for path in tmp_path.iterdir())


@pytest.mark.parametrize(("part", "module"), [("local-aws", "local_aws"), ("simulator", "simulators.discovery")])
def test_a_part_takes_the_containers_place_and_listens_on_its_network(part: str, module: str) -> None:
    with patch("os.execv") as become:
        assert call(part).exit_code == 0
    (program, command), _ = become.call_args
    assert command[:3] == [program, "-m", f"infra.{module}"]
    assert command[-2:] == ["--host", "0.0.0.0"]


def test_an_account_is_not_provisioned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "")
    monkeypatch.setenv("TICKETMASTER_API_URL", REAL)
    with patch.object(provisioning, "prepare") as prepare, patch.object(containers, "answers") as answers_mock:
        result = call("provision")
    assert (result.exit_code, prepare.called, answers_mock.called) == (0, False, False)
    assert "AWS itself" in result.output


def test_the_local_aws_is_waited_for_and_provisioned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://local-aws:4566")
    monkeypatch.setenv("TICKETMASTER_API_URL", SIMULATED)
    came_up = iter([False, True])
    with (
        patch.object(provisioning, "prepare") as prepare,
        patch.object(containers, "answers", side_effect=lambda _: next(came_up)),
        patch("infra.launcher.containers.time.sleep"),
    ):
        assert call("provision").exit_code == 0
    (url, settings, _), _ = prepare.call_args
    assert (url, settings.ticketmaster_api_key) == ("http://local-aws:4566", None)


@pytest.mark.parametrize(
    ("endpoint", "url", "key"),
    [
        ("http://local-aws:4566", SIMULATED, "a-real-key"),
        ("http://local-aws:4566", REAL, None),
        ("", SIMULATED, None),
    ],
)
def test_real_and_simulated_events_are_not_mixed(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, url: str, key: str | None
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("TICKETMASTER_API_URL", url)
    if key:
        monkeypatch.setenv("TICKETMASTER_API_KEY", key)
    with patch.object(provisioning, "prepare") as prepare:
        result = call("provision")
    assert (result.exit_code, prepare.called) == (1, False)
    assert f"TICKETMASTER_API_URL={Settings.model_fields['ticketmaster_api_url'].default}" in result.output
    assert "a-real-key" not in result.output


def test_a_pipeline_that_is_unknown_is_refused_before_any_is_run() -> None:
    result = call("run", "ticketmaster_daily", "tickit")
    assert result.exit_code == 1
    assert f"no pipeline tickit; there is {', '.join(PIPELINES)}" in result.output


@pytest.mark.parametrize(("ends", "code"), [("success", 0), ("failed", 1)])
def test_each_pipeline_is_run_whatever_became_of_the_one_before(
    ends: str, code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path))
    monkeypatch.setenv("BOXOFFICE_TODAY", "2026-03-01")
    states = [ends, *["success"] * (len(PIPELINES) - 1)]
    airflow = Mock(trigger=Mock(side_effect=PIPELINES), run_state=Mock(side_effect=states))
    airflow.task_states.return_value = []
    with patch("infra.launcher.containers.Stack.airflow", airflow):
        result = call("run")
    assert result.exit_code == code
    day = {"date": "2026-03-01"}
    assert airflow.trigger.call_args_list == [mock_call(pipeline, day) for pipeline in PIPELINES]
    assert (f"{PIPELINES[0]} failed" in result.output) == bool(code)


def test_health_tells_what_is_wrong(airflow_health: str) -> None:
    assert health.problem(f"{airflow_health}/health") is None
    assert health.problem(f"{airflow_health}/health", "scheduler") is None
    assert health.problem(f"{airflow_health}/health", "triggerer") == "triggerer is unhealthy"
    assert "doesn't report the status of dag_processor" in str(
        health.problem(f"{airflow_health}/health", "dag_processor")
    )
    assert "404" in str(health.problem(f"{airflow_health}/other"))
    assert "does not answer" in str(health.problem("http://127.0.0.1:1/"))


def test_health_asks_no_proxy(airflow_health: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert health.problem(f"{airflow_health}/health") is None
