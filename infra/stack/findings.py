"""Finds problems of the stack's services. Each service gets a real request, because a live process may be broken.

For example, the warehouse behind the local AWS was killed, a worker of Airflow's executor died with the lock of its
queue, or a crawl hangs. `status` prints these findings, and `up` repairs the services that it can restart.

All requests run at the same time, each with a time limit, so that the check takes at most five seconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psutil

from infra.stack.airflow_api import AirflowApi, AirflowError
from infra.stack.home import StackHome
from infra.stack.services import AIRFLOW, AIRFLOW_DB, AWS, DASHBOARDS, PARALLELISM, SIMULATOR, answers

UP = "./boxoffice up"
_ANSWER_SECONDS = 3.0
_QUEUED_SECONDS = 30.0
"""How long a task may wait for a worker of the executor. Usually it's less than a second."""
_CRAWL_SECONDS = 600.0
"""How long a crawl may take. On the local AWS a crawl takes seconds."""
_SETTLING_SECONDS = 60.0
"""How long a process of Airflow may lack a heartbeat or workers after its start."""
_PARTS = {"scheduler": "airflow-scheduler", "dag_processor": "airflow-dag-processor", "triggerer": "airflow-triggerer"}
"""Airflow's parts whose heartbeat the API reports, and the name of each one's service."""
_WORKER = "airflow worker -- LocalExecutor"
"""The beginning of the process title of an executor's worker."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of a service.

    Attributes:
        service: the service's name in `status`.
        problem: the problem.
        remedy: what to do, usually a command.
        restart: whether `up` repairs it by restarting the service.
    """

    service: str
    problem: str
    remedy: str = f"'{UP}' starts it again"
    restart: bool = True

    def __str__(self) -> str:
        return f"{self.service} {self.problem}; {self.remedy}"


def look(stack: StackHome) -> list[Finding]:
    """Check every running service of the stack. A service without a process needs no check."""
    checks = [check for name, check in _checks(stack) if stack.processes.running(name)]
    if not stack.owns_aws:
        checks.append(lambda: _foreign_aws(stack))
    if not checks:
        return []
    with ThreadPoolExecutor(len(checks)) as pool:
        results = [pool.submit(lambda run: list(run()), check) for check in checks]
        return [finding for result in results for finding in result.result()]


def _checks(stack: StackHome) -> Iterator[tuple[str, Callable[[], Iterator[Finding]]]]:
    yield AIRFLOW_DB, lambda: _answering(AIRFLOW_DB, stack.database.answers)
    if stack.owns_aws:
        yield AWS, lambda: _local_aws(stack.aws_url, AWS)
        yield AWS, lambda: _warehouse(stack, AWS)
    if stack.uses_simulator:
        yield SIMULATOR, lambda: _answering(SIMULATOR, lambda: answers(stack.simulator_url))
    yield AIRFLOW[-1], lambda: _airflow(stack, AIRFLOW[-1])
    yield DASHBOARDS, lambda: _dashboards(stack)


def _answering(service: str, answers: Callable[[], bool]) -> Iterator[Finding]:
    if not answers():
        yield Finding(service, "does not answer")


def _dashboards(stack: StackHome) -> Iterator[Finding]:
    if not answers(f"{stack.dashboards_url}/health"):
        yield _settled(stack, Finding(DASHBOARDS, "does not answer"))


def _foreign_aws(stack: StackHome) -> Iterator[Finding]:
    if not answers(stack.aws_url):
        remedy = "start it there, or unset AWS_ENDPOINT_URL so that the stack starts its own local AWS"
        yield Finding("aws", f"at {stack.aws_url} does not answer", remedy, restart=False)


def _local_aws(url: str, service: str) -> Iterator[Finding]:
    """S3 and Glue must answer, and no crawl may run forever."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _client(url, "s3").list_buckets()
        pages = _client(url, "glue").get_paginator("get_crawlers").paginate()
        crawlers = [crawler for page in pages for crawler in page["Crawlers"]]
    except (BotoCoreError, ClientError) as error:
        yield Finding(service, f"does not answer ({_short(error)})")
        return
    yield from _long_crawls(crawlers, service)


def _long_crawls(crawlers: Iterable[Mapping[str, Any]], service: str) -> Iterator[Finding]:
    for crawler in crawlers:
        seconds = crawler.get("CrawlElapsedTime", 0) / 1000
        if crawler["State"] != "READY" and seconds > _CRAWL_SECONDS:
            yield Finding(service, f"has a crawl of {crawler['Name']} that goes on for {seconds:.0f} s")


def _warehouse(stack: StackHome, service: str) -> Iterator[Finding]:
    """The warehouse must answer `select 1` through the Data API. If it's busy, it must answer a direct connection."""
    import psycopg
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = _select(stack.aws_url)
    except (BotoCoreError, ClientError):
        return  # the local AWS itself doesn't answer, which `_local_aws` reports
    if answer["Status"] == "FINISHED":
        return
    if answer["Status"] not in ("SUBMITTED", "PICKED", "STARTED"):
        yield Finding(
            service, f"has a warehouse that does not answer ({_short(answer.get('Error', 'no reason given'))})"
        )
        return
    try:  # it may be waiting for other statements, but then the database still accepts a connection
        with psycopg.connect(stack.warehouse_url, connect_timeout=2, options="-c statement_timeout=1000") as connection:
            connection.execute("SELECT 1")
    except (psycopg.Error, OSError) as error:
        yield Finding(service, f"has a warehouse that does not answer ({_short(error)})")


def _select(url: str) -> dict[str, Any]:
    """The Data API's description of `select 1`, when it has finished or reached the time limit."""
    from aws_services import resources

    redshift = _client(url, "redshift-data")
    database = {"WorkgroupName": resources.WORKGROUP, "Database": resources.WAREHOUSE_DATABASE}
    statement = redshift.execute_statement(Sql="SELECT 1", **database)["Id"]
    deadline = time.monotonic() + _ANSWER_SECONDS / 2
    while True:
        answer: dict[str, Any] = redshift.describe_statement(Id=statement)
        if answer["Status"] not in ("SUBMITTED", "PICKED", "STARTED") or time.monotonic() > deadline:
            return answer
        time.sleep(0.05)


def _client(url: str, service: str) -> Any:
    import boto3
    from botocore.config import Config

    limits = Config(connect_timeout=1, read_timeout=_ANSWER_SECONDS, retries={"total_max_attempts": 1}, proxies={})
    session: Any = boto3.Session("local", "local", region_name="us-east-1")
    return session.client(service, endpoint_url=url, config=limits)


def _airflow(stack: StackHome, service: str) -> Iterator[Finding]:
    """Each part must have a heartbeat, the executor must have its workers, and no task may wait long for a worker."""
    airflow = AirflowApi(stack.airflow_url, timeout=_ANSWER_SECONDS, patience=0)
    try:
        health = airflow.health()
    except AirflowError as error:
        yield Finding(service, f"does not answer ({_short(error)})")
        return
    if (health.get("metadatabase") or {}).get("status") != "healthy":
        yield from (Finding(name, "cannot reach Airflow's database") for name in AIRFLOW)
        return
    silent = [part for part in _PARTS if (health.get(part) or {}).get("status") != "healthy"]
    for part in silent:
        heartbeat = (health.get(part) or {}).get(f"latest_{part}_heartbeat")
        last = f"its last heartbeat was at {heartbeat}" if heartbeat else "it has had no heartbeat"
        yield _settled(stack, Finding(_PARTS[part], f"is hung: {last}"))
    if "scheduler" not in silent:
        for problem in (*_missing_workers(stack), *_waiting_tasks(airflow)):
            yield _settled(stack, Finding(_PARTS["scheduler"], problem))


def _missing_workers(stack: StackHome) -> Iterator[str]:
    """Report an executor with dead workers. On Linux, where processes are forked, it starts all workers at once.

    A waiting worker holds the lock of the queue that all workers read. If it's killed, no worker can read the queue.
    """
    scheduler = stack.processes.running(_PARTS["scheduler"])
    if scheduler is None or sys.platform != "linux":
        return
    alive = sum(_is_worker(process) for process in scheduler.children())
    if alive < PARALLELISM:
        yield f"has {alive} of {PARALLELISM} workers: tasks may stay queued forever"


def _is_worker(process: psutil.Process) -> bool:
    try:
        return " ".join(process.cmdline()).startswith(_WORKER) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _waiting_tasks(airflow: AirflowApi) -> Iterator[str]:
    now = datetime.now(UTC)
    for task in airflow.queued_tasks():
        waited = (now - datetime.fromisoformat(task["queued_when"])).total_seconds() if task["queued_when"] else 0.0
        if waited > _QUEUED_SECONDS:
            yield f"has no worker for {task['task_id']} of {task['dag_id']}, queued for {waited:.0f} s"


def _settled(stack: StackHome, finding: Finding) -> Finding:
    """The finding. If the process has just started, its remedy is to wait."""
    process = stack.processes.running(finding.service)
    if process is None or time.time() - process.create_time() > _SETTLING_SECONDS:
        return finding
    return Finding(finding.service, finding.problem, "it has just started: check again in a minute", restart=False)


def _short(error: object) -> str:
    """The first line of an error, cut to fit on one line of a terminal."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0] if len(lines[0]) <= 160 else f"{lines[0][:160]}…"
