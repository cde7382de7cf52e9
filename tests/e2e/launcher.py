"""A separate stack for tests of ./boxoffice, and its processes as the operating system reports them."""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import boto3
import psutil
import pytest
import requests

from aws_services import resources
from infra.stack.airflow_api import AirflowApi
from infra.stack.stack import Stack
from lake.landing import RawLanding
from lake.layout import RunId
from lake.manifests import RawManifest
from lake.store import Lake
from settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PIPELINE = "ticketmaster_daily"
PORTS = ("AIRFLOW", "AWS", "WAREHOUSE", "SIMULATOR")


def free_ports(count: int) -> list[int]:
    with_sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listening.getsockname()[1] for listening in with_sockets]
    for listening in with_sockets:
        listening.close()
    return ports


class Launcher:
    """Calls the command line in a process of its own, with a home and ports of its own."""

    def __init__(self, home: Path) -> None:
        own = {f"BOXOFFICE_{name}_PORT": str(port) for name, port in zip(PORTS, free_ports(4), strict=True)}
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "AIRFLOW_"))}
        later = f"0 {(datetime.now(UTC).hour + 12) % 24} * * *"  # no DAG's hour comes while the tests run
        self.home = home
        self.environment = (
            kept
            | own
            | {
                "BOXOFFICE_HOME": str(home),
                "BOXOFFICE_SIMULATED_EVENTS": "300",
                "BOXOFFICE_SIMULATED_TICKIT_SCALE": "0.05",
                "BOXOFFICE_MAINTENANCE_SCHEDULE": later,
                "TICKETMASTER_REQUESTS_PER_SECOND": "50",
                "TICKETMASTER_SCHEDULE": later,
                "TICKIT_SCHEDULE": later,
                "PYTHONPATH": str(ROOT),
            }
        )

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "infra.launcher", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=800)

    def in_another_terminal(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """The same, where nothing but the home is set."""
        ours = ("BOXOFFICE_", "TICKETMASTER_")
        kept = {name: value for name, value in self.environment.items() if not name.startswith(ours)}
        own = kept | {"BOXOFFICE_HOME": str(self.home)} | variables
        command = [sys.executable, "-m", "infra.launcher", *arguments]
        return subprocess.run(command, env=own, capture_output=True, text=True, timeout=800)

    def stack(self, monkeypatch: pytest.MonkeyPatch) -> Stack:
        """The same stack in this process, whose AWS clients speak to it until the test ends."""
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)
        running_stack = Stack(Settings(), say=print)
        for name, value in running_stack.aws_environment().items():
            monkeypatch.setenv(name, value)
        return running_stack

    def processes(self) -> list[psutil.Process]:
        """Whatever runs for this home."""
        own_processes = []
        for process in psutil.process_iter():
            try:
                if str(self.home) in " ".join([*process.cmdline(), process.environ().get("BOXOFFICE_STACK", "")]):
                    own_processes.append(process)
            except (psutil.Error, OSError):
                continue
        return own_processes

    def pid(self, service: str) -> int:
        """The process of a service that is up."""
        return json.loads(self("status", "--json").stdout)["processes"][service]["pid"]

    def files(self, pattern: str) -> list[Path]:
        """Files of the local AWS."""
        return sorted((self.home / "aws").glob(pattern))

    def hold_lock(self, run: dict[str, Any]) -> None:
        """As if a DAG run that has ended had been killed before it gave its lock back."""
        aws = json.loads(self("status", "--json").stdout)["urls"]["aws"]
        local = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "us-east-1"}
        s3 = boto3.client("s3", endpoint_url=aws, **local)
        where = {"Bucket": resources.LAKE_BUCKET, "Key": "state/locks/ticketmaster_daily.json"}
        lock = json.loads(s3.get_object(**where)["Body"].read())
        assert lock["holder"] == run["dag_run_id"]
        s3.put_object(**where, Body=json.dumps({**lock, "released_at": None}).encode())


def task_group(scheduler: int) -> int | None:
    """The process group of a task that a scheduler runs now."""
    below = (process.pid for process in psutil.Process(scheduler).children(recursive=True))
    return next((pid for pid in below if os.getpgid(pid) == pid), None)


def processes_of(stack: Stack) -> set[psutil.Process]:
    """All processes of a stack that is up, also those whose title hides whose they are."""
    leaders = [process for name in stack.process_names() if (process := stack.processes.running(name))]
    assert len(leaders) == len(stack.process_names())
    return {*leaders, *stack.processes._family(leaders)}


def command_line(process: psutil.Process) -> str:
    """Of one that has ended: nothing."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def connections(process: psutil.Process) -> list[Any]:
    """A process's sockets; none of one that has just ended."""
    try:
        return process.net_connections(kind="inet")
    except psutil.NoSuchProcess:
        return []


Found = TypeVar("Found")


def until(look: Callable[[], Found], seconds: float = 480) -> Found:
    """Look until there is something to see."""
    deadline = time.monotonic() + seconds
    while not (result := look()):
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
    return result


def land_again(lake: Lake, seen: RunId, other: RunId) -> None:
    """Land the raw data of a run once more, as another day's."""
    entities = resources.TICKETMASTER_ENTITIES
    source, target = (RawLanding(lake, "ticketmaster", run, entities) for run in (seen, other))
    manifests = [RawManifest.read(lake, "ticketmaster", entity, seen) for entity in entities]
    for manifest in manifests:
        for raw in manifest.objects:
            target.land(raw.name, source.read(raw.name) or b"", records=raw.records, request=raw.request)
        for counts in manifest.slices:
            target.record_slice(counts)
    target.finish(manifests[0].extra, requests=manifests[0].requests)


@contextmanager
def asking(airflow_url: str) -> Iterator[list[int]]:
    """Ask for what Airflow's UI shows, as three people would; gives the status of each answer."""
    answers: list[int] = []
    paths = ("dags", f"dags/{PIPELINE}/dagRuns", "dags/~/dagRuns/~/taskInstances", "eventLogs", "monitor/health")
    over = threading.Event()

    def ask() -> None:
        with requests.Session() as session:
            session.trust_env = False
            token = session.get(f"{airflow_url}/auth/token", timeout=60).json()["access_token"]
            session.headers["Authorization"] = f"Bearer {token}"
            for path in itertools.cycle(paths):
                if over.wait(0.1):
                    return
                answers.append(session.get(f"{airflow_url}/api/v2/{path}?limit=50", timeout=60).status_code)

    with ThreadPoolExecutor(3) as people:
        asking = [people.submit(ask) for _ in range(3)]
        try:
            yield answers
        finally:
            over.set()
        for future in asking:
            future.result()


def run_of(airflow: AirflowApi, day: date) -> str:
    """The DAG run that a backfill opened for a day."""
    runs = airflow._request("GET", f"dags/{PIPELINE}/dagRuns?run_type=backfill")["dag_runs"]
    return next(run["dag_run_id"] for run in runs if run["logical_date"].startswith(str(day)))


def opening(airflow: AirflowApi, run_id: str) -> dict[str, Any]:
    """The task of a DAG run that takes the lock."""
    return next(task for task in airflow.task_states(PIPELINE, run_id) if task["task_id"] == "open_run")
