"""A pipeline in a process of its own that may be killed: the DAG's tasks, in the DAG's order, without Airflow.

What Airflow would keep between attempts is kept in a file: what each finished task returned. Tasks, parameters and
their defaults are the DAG's own; of Airflow there is only what they ask it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from unittest.mock import patch

import boto3
from airflow.providers.amazon.aws.operators.glue import GlueJobOperator
from airflow.sdk.definitions.param import process_params
from airflow.sdk.exceptions import DownstreamTasksSkipped
from airflow.sdk.execution_time.context import set_current_context

from aws_services import resources
from aws_services.glue_job import GlueJob
from aws_services.redshift_data import RedshiftData
from dags import ticketmaster_daily, tickit_load
from lake import layout
from lake.layout import RunId
from runs.context import open_lake
from sources.files import Limits
from tests.faults.attempts import Attempt
from tests.faults.fail_points import FailPoints, with_models
from warehouse.load import copy_staged
from warehouse.stars import star_of

_DAGS = {
    resources.TICKETMASTER.name: ticketmaster_daily.ticketmaster_daily,
    resources.TICKIT.name: lambda: tickit_load.tickit_load,
}
_JOBS = {job.name: job for job in resources.JOBS}
_SMALL_PARTS = partial(Limits, part_bytes=8 * 2**10)
_SKIPPED = "tasks that are skipped"

for _service in ("s3", "redshift-data", "secretsmanager", "glue", "cloudwatch"):  # read before any process is forked
    boto3.Session(region_name=resources.REGION, **with_models({})).client(_service)


@dataclass
class TaskInstance:
    """The part of Airflow's task instance that steps and operators use. Its values come from the attempt."""

    attempt: Attempt
    task: Any
    map_index: int
    try_number: int = 2

    @property
    def dag_id(self) -> str:
        """The pipeline."""
        return self.attempt.pipeline

    @property
    def run_id(self) -> str:
        """The DAG run."""
        return self.attempt.dag_run

    @property
    def task_id(self) -> str:
        """The task."""
        return self.task.task_id

    def get_task_states(self, dag_id: str, run_ids: list[str]) -> dict[str, dict[str, str]]:
        """All tasks before the last one succeeded: it would not be running otherwise."""
        return {self.run_id: {"refresh": "success"}}

    def get_task_breadcrumbs(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """The tasks that ended, as Airflow lists them."""
        return [{"task_id": "refresh", "map_index": -1, "state": "success", "operator": "", "duration": 1.5}]

    def get_dr_count(self, dag_id: str, run_ids: list[str], states: list[str]) -> int:
        """How many of these DAG runs have ended."""
        return len(set(run_ids) & set(self.attempt.ended)) if set(states) == {"success", "failed"} else 0

    def xcom_pull(self, task_ids: str | list[str] | None = None, **_: Any) -> Any:
        """The result of a finished task; None for this task, whose XComs Airflow clears before each attempt.

        A list of tasks is only passed to collect warnings: there are none.
        """
        return [None] if isinstance(task_ids, list) else self.attempt.results.get(task_ids or self.task_id)

    def xcom_push(self, **_: Any) -> None:
        """Not kept, for the same reason."""


@dataclass(frozen=True)
class DagRun:
    """The part of Airflow's DAG run that steps use."""

    dag_id: str
    run_id: str
    conf: Mapping[str, Any]
    run_type: str = "manual"
    run_after: datetime = field(default_factory=partial(datetime.now, UTC))
    start_date: datetime = field(default_factory=partial(datetime.now, UTC))
    clear_number: int = 0


def work(attempt: Attempt) -> None:
    """Do what is left of a run."""
    points = FailPoints(attempt.folder / "died_after.txt", lambda effect: attempt.deadly)
    points.install()
    with patch("sources.files.Limits", _SMALL_PARTS):  # small files, too, are landed in several parts
        for name, do in _tasks(attempt):
            if name in (*attempt.results, *attempt.skip):
                continue
            points.task = name
            attempt.keep(name, do())
            if name == attempt.until:
                return


def _tasks(attempt: Attempt) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Names of the task instances and their functions, in an order that their dependencies allow."""
    dag = _DAGS[attempt.pipeline]()
    tasks: list[Any] = dag.task_group.topological_sort()
    for task in tasks:
        if task.task_id in attempt.results.get(_SKIPPED, ()):
            continue
        if task.is_mapped:
            for index, entity in enumerate(task.op_kwargs_expand_input.value["entity"]):
                yield f"{task.task_id}-{entity}", partial(_do, attempt, dag, task, index)
        else:
            yield task.task_id, partial(_do, attempt, dag, task, -1)
        if isinstance(task, GlueJobOperator):
            yield "load", partial(_load, attempt)


def _do(attempt: Attempt, dag: Any, task: Any, map_index: int) -> Any:
    """Let a task work as Airflow does; a job that it starts, or joins, is waited for here, not by a triggerer."""
    task = task.prepare_for_execution()
    context: Any = {
        "dag": dag,
        "dag_run": DagRun(attempt.pipeline, attempt.dag_run, attempt.params),
        "params": process_params(dag, task, attempt.params, suppress_exception=False),
        "task": task,
        "ti": TaskInstance(attempt, task, map_index),
    }
    task.render_template_fields(context)
    task = context["task"]  # of a mapped one, the instance
    with set_current_context(context):
        if isinstance(task, GlueJobOperator):
            return GlueJob(_JOBS[task.job_name]).wait(task.submit_job(context))["Id"]
        try:
            return task.execute(context)
        except DownstreamTasksSkipped as short:
            attempt.keep(_SKIPPED, list(short.tasks))
            return None


def _load(attempt: Attempt) -> None:
    """COPY the staged data, as the job did last; again and outside Spark, where a killed process costs little."""
    run_id = RunId.parse(attempt.results["open_run"]["run_id"])
    staged = star_of(attempt.pipeline).staged
    manifests = {table: open_lake().uri(layout.staging_copy_manifest_key(run_id, table)) for table in staged}
    copy_staged(RedshiftData(), str(run_id), manifests, resources.COPY_ROLE_ARN)
