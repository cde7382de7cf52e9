"""Whatever is killed or hung behind a living process is named, within seconds, with what to do; `up` repairs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from infra.local_aws.tests.conftest import eventually
from infra.stack import findings
from infra.stack.findings import Finding
from infra.stack.services import AWS, SIMULATOR
from infra.stack.stack import Stack
from settings import Settings

PORTS = ("AIRFLOW", "AWS", "WAREHOUSE", "SIMULATOR")


def _stack(home: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    for name, listening in zip(PORTS, sockets, strict=True):
        monkeypatch.setenv(f"BOXOFFICE_{name}_PORT", str(listening.getsockname()[1]))
        listening.close()
    for name in ("AWS_ENDPOINT_URL", "TICKETMASTER_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOXOFFICE_HOME", str(home))
    monkeypatch.setenv("BOXOFFICE_SIMULATED_EVENTS", "100")
    return Stack(Settings(), say=lambda line: None)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack without Airflow."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        stack = _stack(tmp_path_factory.mktemp("home"), monkeypatch)
        _start(stack)
        eventually(lambda: findings.look(stack) == [])  # the warehouse starts in parallel to the rest
        yield stack
        stack.processes.stop_everything()


def _start(stack: Stack) -> None:
    services = [service for service in stack._services() if service.name in (AWS, SIMULATOR)]
    for service in services:
        stack.processes.start(service, stack.environment())
    for service in services:
        stack.processes.wait_ready(service)


def _repair(stack: Stack) -> None:
    stack._end_broken_services()
    for name in (AWS, SIMULATOR):
        stack.processes.end_remains(name)
    stack._refuse_taken_ports()
    _start(stack)


def _postmaster(stack: Stack) -> int:
    return int((stack.home / "aws" / "data" / "postmaster.pid").read_text().splitlines()[0])


def _kill_postgresql(stack: Stack) -> None:
    os.kill(_postmaster(stack), signal.SIGKILL)


def test_a_killed_warehouse_is_back_by_itself(stack: Stack) -> None:
    killed = _postmaster(stack)
    _kill_postgresql(stack)
    eventually(lambda: findings.look(stack) == [])
    assert _postmaster(stack) != killed


def test_a_warehouse_that_cannot_be_started_is_named_with_its_log_and_repaired(stack: Stack) -> None:
    assert findings.look(stack) == []
    configuration = stack.home / "aws" / "data" / "postgresql.auto.conf"
    before = configuration.read_text()
    configuration.write_text("no_such_setting = on\n")
    _kill_postgresql(stack)
    [finding] = eventually(
        lambda: [candidate for candidate in findings.look(stack) if "ends whenever" in candidate.problem]
    )
    assert str(finding).startswith("local-aws has a warehouse that does not answer (ERROR: the warehouse's PostgreSQL")
    assert str(stack.home / "aws" / "postgres.log") in str(finding)
    assert "; './boxoffice up' starts it again" in str(finding)
    configuration.write_text(before)
    _repair(stack)
    assert findings.look(stack) == []


def test_hung_services_are_named_within_five_seconds_and_repaired(stack: Stack) -> None:
    for name in (AWS, SIMULATOR):
        process = stack.processes.running(name)
        assert process
        process.suspend()
    began = time.monotonic()
    problems = findings.look(stack)
    assert time.monotonic() - began < 5
    assert {(finding.service, finding.restart) for finding in problems} == {(AWS, True), (SIMULATOR, True)}
    assert all("does not answer" in finding.problem for finding in problems)
    _repair(stack)
    assert findings.look(stack) == []


def test_a_crawl_that_goes_on_for_too_long_is_named() -> None:
    """As GetCrawlers describes them, times in milliseconds."""
    crawlers = [
        {"Name": "ready", "State": "READY", "CrawlElapsedTime": 700_000},
        {"Name": "working", "State": "RUNNING", "CrawlElapsedTime": 20_000},
        {"Name": "hung", "State": "RUNNING", "CrawlElapsedTime": 700_000},
    ]
    [finding] = findings._long_crawls(crawlers, AWS)
    assert (finding.service, finding.restart) == (AWS, True)
    assert finding.problem == "has a crawl of hung that goes on for 700 s"


class _Airflow(BaseHTTPRequestHandler):
    """Answers as Airflow's API does."""

    answers: dict[str, Any] = {}

    def do_GET(self) -> None:
        body = json.dumps(next(answer for path, answer in self.answers.items() if path in self.path)).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def _airflow(monkeypatch: pytest.MonkeyPatch, home: Path, health: dict[str, Any], queued_at: datetime) -> list[Finding]:
    stack = _stack(home, monkeypatch)
    queued = {"task_id": "extract", "dag_id": "tickit_load", "queued_when": queued_at.isoformat()}
    _Airflow.answers = {
        "/monitor/health": health,
        "/auth/token": {"access_token": "token"},
        "state=queued": {"task_instances": [queued]},
    }
    with ThreadingHTTPServer(("127.0.0.1", stack.settings.airflow_port), _Airflow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        airflow_findings = list(findings._airflow(stack, "airflow-api-server"))
        server.shutdown()
    return airflow_findings


HEALTHY = {part: {"status": "healthy"} for part in ("metadatabase", "scheduler", "dag_processor", "triggerer")}


def test_a_part_of_airflow_without_a_heartbeat_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    silent = {"status": "unhealthy", "latest_triggerer_heartbeat": "2026-11-30T10:00:00+00:00"}
    [finding] = _airflow(monkeypatch, tmp_path, HEALTHY | {"triggerer": silent}, datetime.now(UTC))
    assert (finding.service, finding.restart) == ("airflow-triggerer", True)
    assert finding.problem == "is hung: its last heartbeat was at 2026-11-30T10:00:00+00:00"


def test_a_task_that_no_worker_takes_is_named_and_one_that_has_just_come_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    [finding] = _airflow(monkeypatch, tmp_path, HEALTHY, now - timedelta(minutes=2))
    assert (finding.service, finding.restart) == ("airflow-scheduler", True)
    assert finding.problem.startswith("has no worker for extract of tickit_load, queued for 12")
    assert _airflow(monkeypatch, tmp_path, HEALTHY, now) == []


def test_an_airflow_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    [finding] = findings._airflow(_stack(tmp_path, monkeypatch), "airflow-api-server")
    assert (finding.service, finding.restart) == ("airflow-api-server", True)
