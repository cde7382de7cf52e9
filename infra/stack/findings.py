"""What is wrong with the stack. Each service is asked a real question: a live process may still serve nothing.

For example, the warehouse behind the local AWS was killed, a worker of Airflow's executor died with the lock of its
queue, or a crawl hangs. `status` prints these findings, and `up` repairs what it can.

All questions are asked at the same time, each with a time limit, so that they end within five seconds.
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
from infra.stack.services import AIRFLOW, AIRFLOW_DB, AWS, PARALLELISM, SIMULATOR, answers

UP = "./boxoffice up"
_ANSWER_SECONDS = 3.0
_QUEUED_SECONDS = 30.0
"""How long a task may wait for a worker of the executor. Usually it is less than a second."""
_CRAWL_SECONDS = 600.0
"""How long a crawl may take. On the local AWS it is seconds."""
_SETTLING_SECONDS = 60.0
"""How long after its start a process of Airflow may lack a heartbeat, or workers."""
_PARTS = {"scheduler": "airflow-scheduler", "dag_processor": "airflow-dag-processor", "triggerer": "airflow-triggerer"}
"""The parts whose heartbeat Airflow's API reports, and the service that each is."""
_WORKER = "airflow worker -- LocalExecutor"
"""How the title of an executor's worker process begins."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a service.

    Attributes:
        service: which, as `status` calls it.
        problem: what is wrong with it.
        remedy: what to do, usually a command.
        restart: whether `up` repairs it by starting the service again.
    """

    service: str
    problem: str
    remedy: str = f"'{UP}' starts it again"
    restart: bool = True

    def __str__(self) -> str:
        return f"{self.service} {self.problem}; {self.remedy}"


def look(stack: StackHome) -> list[Finding]:
    """Ask every service of the stack that runs; those that do not run are known by their processes."""
    questions = [question for name, question in _questions(stack) if stack.processes.running(name)]
    if not stack.owns_aws:
        questions.append(lambda: _foreign_aws(stack))
    if not questions:
        return []
    with ThreadPoolExecutor(len(questions)) as asking:
        answers = [asking.submit(lambda ask: list(ask()), question) for question in questions]
        return [finding for answer in answers for finding in answer.result()]


def _questions(stack: StackHome) -> Iterator[tuple[str, Callable[[], Iterator[Finding]]]]:
    yield AIRFLOW_DB, lambda: _answering(AIRFLOW_DB, stack.database.answers)
    if stack.owns_aws:
        yield AWS, lambda: _local_aws(stack.aws_url, AWS)
        yield AWS, lambda: _warehouse(stack, AWS)
    if stack.uses_simulator:
        yield SIMULATOR, lambda: _answering(SIMULATOR, lambda: answers(stack.simulator_url))
    yield AIRFLOW[-1], lambda: _airflow(stack, AIRFLOW[-1])


def _answering(service: str, answers: Callable[[], bool]) -> Iterator[Finding]:
    if not answers():
        yield Finding(service, "does not answer")


def _foreign_aws(stack: StackHome) -> Iterator[Finding]:
    if not answers(stack.aws_url):
        remedy = "start it there, or unset AWS_ENDPOINT_URL for a local AWS of the stack's own"
        yield Finding("aws", f"at {stack.aws_url} does not answer", remedy, restart=False)


def _local_aws(url: str, service: str) -> Iterator[Finding]:
    """S3 and Glue have to answer, and no crawl may go on for ever."""
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
    """The warehouse has to answer `select 1` through the Data API; one that is busy has to answer by itself."""
    import psycopg
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = _select(stack.aws_url)
    except (BotoCoreError, ClientError):
        return  # the local AWS itself does not answer, which is a finding of its own
    if answer["Status"] == "FINISHED":
        return
    if answer["Status"] not in ("SUBMITTED", "PICKED", "STARTED"):
        yield Finding(
            service, f"has a warehouse that does not answer ({_short(answer.get('Error', 'no reason given'))})"
        )
        return
    try:  # it waits, perhaps behind other statements: then the database still lets us in
        with psycopg.connect(stack.warehouse_url, connect_timeout=2, options="-c statement_timeout=1000") as connection:
            connection.execute("SELECT 1")
    except (psycopg.Error, OSError) as error:
        yield Finding(service, f"has a warehouse that does not answer ({_short(error)})")


def _select(url: str) -> dict[str, Any]:
    """What the Data API says of `select 1` when it has ended, or when its time is over."""
    from aws_services import resources

    redshift = _client(url, "redshift-data")
    where = {"WorkgroupName": resources.WORKGROUP, "Database": resources.WAREHOUSE_DATABASE}
    statement = redshift.execute_statement(Sql="SELECT 1", **where)["Id"]
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
    """Each part has to have a heartbeat, the executor its workers, and no task may wait for one of them for long."""
    airflow = AirflowApi(stack.airflow_url, timeout=_ANSWER_SECONDS, patience=0)
    try:
        health = airflow.health()
    except AirflowError as error:
        yield Finding(service, f"does not answer ({_short(error)})")
        return
    if (health.get("metadatabase") or {}).get("status") != "healthy":
        yield from (Finding(each, "cannot reach Airflow's database") for each in AIRFLOW)
        return
    silent = [part for part in _PARTS if (health.get(part) or {}).get("status") != "healthy"]
    for part in silent:
        at = (health.get(part) or {}).get(f"latest_{part}_heartbeat")
        yield _settled(stack, Finding(_PARTS[part], f"is hung: its last heartbeat was at {at or 'no time'}"))
    if "scheduler" not in silent:
        for problem in (*_missing_workers(stack), *_waiting_tasks(airflow)):
            yield _settled(stack, Finding(_PARTS["scheduler"], problem))


def _missing_workers(stack: StackHome) -> Iterator[str]:
    """Where processes are forked, as on Linux, the executor starts all of its workers at once.

    One that was killed while it waited held the lock of the queue from which all of them read: none reads it again.
    """
    scheduler = stack.processes.running(_PARTS["scheduler"])
    if scheduler is None or sys.platform != "linux":
        return
    alive = sum(_is_worker(process) for process in scheduler.children())
    if alive < PARALLELISM:
        yield f"has {alive} of {PARALLELISM} workers: tasks may stay queued for ever"


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
    """The finding; of a process that has only just started, with the advice to wait."""
    process = stack.processes.running(finding.service)
    if process is None or time.time() - process.create_time() > _SETTLING_SECONDS:
        return finding
    return Finding(finding.service, finding.problem, "it has only just started: ask again in a minute", restart=False)


def _short(error: object) -> str:
    """The first line of an error, cut to what fits into one line of a terminal."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0] if len(lines[0]) <= 160 else f"{lines[0][:160]}…"
