"""ticketmaster_daily in a process of its own that may be killed: the DAG's steps, in its order, without Airflow.

What Airflow would keep between attempts is kept in a file: what each finished task returned. The functions are those
that the DAG's tasks call, and the operators are the DAG's own; of Airflow there is only what they ask it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from aws_services import airflow_operators as operators
from aws_services import resources
from aws_services.glue_job import GlueJob
from aws_services.redshift_data import RedshiftData
from dags import steps, ticketmaster_daily
from lake import layout
from lake.layout import RunId
from tests.faults.attempts import Attempt
from tests.faults.fail_points import FailPoints, with_models
from warehouse.load import copy_staged
from warehouse.stars import star_of

ENTITIES = resources.TICKETMASTER_ENTITIES
PARAMS = {"date": None, "refetch": False, "rebuild": False, "accept_drop": False}

for _service in ("s3", "redshift-data", "secretsmanager", "glue", "cloudwatch"):  # read before any process is forked
    boto3.Session(region_name=resources.REGION, **with_models({})).client(_service)


@dataclass(frozen=True)
class TaskInstance:
    """What steps and operators ask of Airflow's task instance, which answers from what the attempt was told."""

    run_id: str
    ended: tuple[str, ...]
    dag_id: str = ticketmaster_daily.PIPELINE
    task_id: str = "build_star"
    map_index: int = -1
    try_number: int = 2

    def get_task_states(self, dag_id: str, run_ids: list[str]) -> dict[str, dict[str, str]]:
        """All tasks before the last one succeeded: it would not be running otherwise."""
        return {self.run_id: {"refresh": "success"}}

    def get_dr_count(self, dag_id: str, run_ids: list[str], states: list[str]) -> int:
        """How many of these DAG runs have ended."""
        return len(set(run_ids) & set(self.ended)) if set(states) == {"success", "failed"} else 0

    def xcom_pull(self, **_: Any) -> None:
        """Nothing: Airflow clears a task's XComs before each attempt."""

    def xcom_push(self, **_: Any) -> None:
        """Not kept, for the same reason."""


@dataclass(frozen=True)
class DagRun:
    """What a step asks of the DAG run."""

    run_id: str


def work(attempt: Attempt) -> None:
    """Do what is left of a run."""
    points = FailPoints(attempt.folder / "died_after.txt", lambda effect: attempt.deadly)
    points.install()
    for name, task in _tasks(attempt).items():
        if name in (*attempt.results, *attempt.skip):
            continue
        points.task = name
        result = task()
        attempt.keep(name, result)
        if name == attempt.until or (name == "open_run" and result is None):
            return


def _tasks(attempt: Attempt) -> dict[str, Callable[[], Any]]:
    ti = TaskInstance(attempt.dag_run, attempt.ended)
    context = {"params": {**PARAMS, **attempt.params}, "dag_run": DagRun(attempt.dag_run), "ti": ti}

    def run() -> Any:
        return attempt.results["open_run"]

    return {
        "open_run": lambda: steps.open_run(
            ticketmaster_daily.PIPELINE, ticketmaster_daily.SOURCE, ENTITIES, context, has_past=False
        ),
        "extract": lambda: ticketmaster_daily._crawl(run()),
        **{f"validate-{entity}": lambda entity=entity: steps.validate(run(), entity) for entity in ENTITIES},
        "crawl_raw": lambda: _crawl(resources.TICKETMASTER_RAW_CRAWLER.name, context),
        "crawl_curated": lambda: _crawl(resources.TICKETMASTER_CURATED_CRAWLER.name, context),
        "build_star": lambda: _build_star(run(), context),
        "load": lambda: _load(run()),
        "audit": lambda: steps.audit(run(), ENTITIES),
        "publish": lambda: steps.publish(run()),
        "refresh": lambda: steps.refresh(run()),
        "close_run": lambda: steps.close_run(run(), context),
    }


def _crawl(name: str, context: Mapping[str, Any]) -> Any:
    return operators.run_crawler("crawl", name).execute(context)


def _build_star(run: steps.Run, context: Mapping[str, Any]) -> str:
    """Start the job, or resume the one that an attempt before started, by the operator; wait as its trigger does."""
    arguments = {"--run_id": run["run_id"], **_where()}
    started = operators.run_job("build_star", resources.TICKETMASTER_JOB, arguments).submit_job(context)
    return GlueJob(resources.TICKETMASTER_JOB).wait(started)["Id"]


def _where() -> dict[str, str]:
    return {name: value for name, value in steps.job_arguments().items() if name != "--run_id"}


def _load(run: steps.Run) -> None:
    """What the job did last, once more and outside Spark, where it is cheap to die of: COPY what is staged."""
    run_id = RunId.parse(run["run_id"])
    staged = star_of(run["pipeline"]).staged
    manifests = {table: steps.lake().uri(layout.staging_copy_manifest_key(run_id, table)) for table in staged}
    copy_staged(RedshiftData(), run["run_id"], manifests, resources.COPY_ROLE_ARN)
