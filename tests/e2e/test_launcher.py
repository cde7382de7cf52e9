"""./boxoffice as a newcomer uses it: everything up from nothing, a run, the same run again, queries, all down."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infra.launcher.stack import SIMULATOR_KEY
from tests.fixtures.leaks import files_with

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]
PORTS = ("AIRFLOW", "AWS", "WAREHOUSE", "SIMULATOR")


def _free_ports(count: int) -> list[int]:
    with_sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listening.getsockname()[1] for listening in with_sockets]
    for listening in with_sockets:
        listening.close()
    return ports


class Launcher:
    """Calls the command line in a process of its own, with a home and ports of its own."""

    def __init__(self, home: Path) -> None:
        own = {f"BOXOFFICE_{name}_PORT": str(port) for name, port in zip(PORTS, _free_ports(4), strict=True)}
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "AIRFLOW_"))}
        self.home = home
        self._environment = (
            kept
            | own
            | {
                "BOXOFFICE_HOME": str(home),
                "BOXOFFICE_SIMULATED_EVENTS": "300",
                "TICKETMASTER_REQUESTS_PER_SECOND": "50",
                "PYTHONPATH": str(ROOT),
            }
        )

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "infra.launcher", *arguments]
        return subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=500)

    def processes(self) -> list[psutil.Process]:
        """Whatever runs for this home."""
        found = []
        for process in psutil.process_iter():
            try:
                if str(self.home) in " ".join([*process.cmdline(), process.environ().get("BOXOFFICE_STACK", "")]):
                    found.append(process)
            except (psutil.Error, OSError):
                continue
        return found


@pytest.fixture(scope="module")
def boxoffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path_factory.mktemp("home"))
    yield launcher
    launcher("down")


@pytest.fixture(scope="module")
def first_run(boxoffice: Launcher) -> subprocess.CompletedProcess[str]:
    return boxoffice("run")


def test_one_command_from_nothing_to_a_summary(first_run: subprocess.CompletedProcess[str]) -> None:
    assert first_run.returncode == 0, first_run.stdout + first_run.stderr
    assert "ticketmaster_daily succeeded" in first_run.stdout
    assert "Books: balanced." in first_run.stdout
    assert "Busiest venues" in first_run.stdout
    assert "http://127.0.0.1:" in first_run.stdout
    assert "Traceback" not in first_run.stderr


def test_the_same_command_again_does_nothing_twice(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    landed = sorted((boxoffice.home / "aws" / "s3").rglob("*.json.gz"))
    before = {path: path.stat().st_mtime_ns for path in landed}
    again = boxoffice("run")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "starting" not in again.stdout
    after = {path: path.stat().st_mtime_ns for path in sorted((boxoffice.home / "aws" / "s3").rglob("*.json.gz"))}
    assert after == before


def test_status_tells_programs_what_is_up(boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]) -> None:
    done = boxoffice("status", "--json")
    state = json.loads(done.stdout)
    assert done.returncode == 0
    assert state["up"] is True
    assert {process["state"] for process in state["processes"].values()} == {"up"}
    assert state["runs"][0]["status"] == "succeeded"


def test_sql_as_csv_has_a_header_line_and_json_is_json(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    query = "SELECT event_id, status FROM ticketmaster.fact_events ORDER BY event_id"
    rows = list(csv.DictReader(io.StringIO(boxoffice("sql", query, "--csv").stdout)))
    assert len(rows) > 200
    assert set(rows[0]) == {"event_id", "status"}
    assert json.loads(boxoffice("sql", query, "--json").stdout)[0]["event_id"] == rows[0]["event_id"]
    none = boxoffice("sql", "SELECT event_id FROM ticketmaster.fact_events WHERE event_id = 'none'", "--csv")
    assert none.stdout == "event_id\n"


def test_sql_that_redshift_would_refuse_is_refused_with_its_reason(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    done = boxoffice("sql", "SELECT DISTINCT ON (status) status FROM ticketmaster.fact_events")
    assert done.returncode == 1
    assert "DISTINCT ON" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_failed_run_names_task_reason_and_log(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    done = boxoffice("trigger", "ticketmaster_daily", "--date", "2020-01-01", "--wait")
    assert done.returncode == 1
    assert "task open_run: CannotObserveThePast: cannot observe the past" in done.stderr
    log = Path(done.stderr.split("log: ")[1].splitlines()[0])
    assert "CannotObserveThePast" in log.read_text()


def test_the_weekly_maintenance_says_what_it_did(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    done = boxoffice("trigger", "warehouse_maintenance", "--wait")
    assert done.returncode == 0, done.stdout + done.stderr
    said = {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1] for line in done.stdout.splitlines() if "  " in line}
    assert json.loads(said["lake"])["staging"] == {"objects": 0, "bytes": 0}
    assert json.loads(said["ledger"]) == {"abandoned": [], "staged_rows": {}, "details": {}}
    assert {"ticketmaster.fact_events", "etl.runs", "common.dim_date"} <= set(json.loads(said["vacuum"]))


def test_the_api_key_is_in_no_log_database_or_object(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    kept = boxoffice.home / "aws" / "secrets.json"
    assert SIMULATOR_KEY in kept.read_text()
    assert files_with(SIMULATOR_KEY, boxoffice.home, spared={kept}) == []
    assert SIMULATOR_KEY not in first_run.stdout + first_run.stderr


def test_an_unknown_dag_is_refused_with_those_there_are(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    done = boxoffice("trigger", "ticketmaster_dialy")
    assert done.returncode == 1
    assert "ticketmaster_daily" in done.stderr


def test_down_leaves_no_process_and_reset_no_data(
    boxoffice: Launcher, first_run: subprocess.CompletedProcess[str]
) -> None:
    assert boxoffice("down").returncode == 0
    assert boxoffice.processes() == []
    assert boxoffice("reset", "--yes").returncode == 0
    assert not (boxoffice.home / "aws").exists()
