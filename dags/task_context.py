"""Converts Airflow's context of a task to the typed context for the steps of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from airflow.sdk import get_current_context

from aws_services.resources import Pipeline
from runs.dag_run import DagRun, RunParams, Step, business_date
from runs.run import Run

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
    from airflow.sdk.types import RuntimeTaskInstanceProtocol

    from runs.context import RunContext, TaskContext


def task_context(pipeline: Pipeline) -> TaskContext:
    """The context of the current task."""
    from aws_services.redshift_data import RedshiftData
    from runs.context import TaskContext, open_lake
    from settings import get_settings

    context = get_current_context()
    return TaskContext(
        pipeline=pipeline,
        dag_run=dag_run_of(context),
        orchestrator=AirflowTask(context["ti"]),
        lake=open_lake(),
        warehouse=RedshiftData(),
        settings=get_settings(),
    )


def run_context(pipeline: Pipeline, run: Run) -> RunContext:
    """The context of the current task of an open run."""
    return task_context(pipeline).of_run(run)


def dag_run_of(context: Context) -> DagRun:
    """The DAG run that a task belongs to."""
    dag_run = context["dag_run"]
    return DagRun(
        dag_id=dag_run.dag_id,
        run_id=dag_run.run_id,
        run_type=dag_run.run_type,
        params=RunParams.of(context.get("params", {})),
        logical_date=context.get("logical_date"),
        run_after=dag_run.run_after,
        started_at=dag_run.start_date,
        clear_number=dag_run.clear_number or 0,
    )


def business_date_of(context: Context) -> date | None:
    """The business date of a task's run; None for a DAG without business dates or a context without parameters."""
    from settings import get_settings

    params = context.get("params", {})
    logical_date = context.get("logical_date")
    if "date" not in params:
        return None
    return business_date(RunParams.of(params), logical_date, get_settings())


class AirflowTask:
    """Queries of a running task to Airflow; implements `runs.dag_run.Orchestrator`.

    Args:
        ti: the task instance.
    """

    def __init__(self, ti: RuntimeTaskInstanceProtocol) -> None:
        self._ti = ti

    def has_ended(self, dag_run_id: str) -> bool:
        """Whether another run of this DAG has ended in Airflow; a run that is unknown here may run elsewhere."""
        ended = ["success", "failed"]
        return bool(self._ti.get_dr_count(dag_id=self._ti.dag_id, run_ids=[dag_run_id], states=ended))

    def failed_tasks(self) -> list[str]:
        """Tasks of this DAG run that failed; without any, those that didn't run because of another failure; by name."""
        run_id = self._ti.run_id
        states = self._ti.get_task_states(dag_id=self._ti.dag_id, run_ids=[run_id]).get(run_id, {})
        failed = [name for name, state in states.items() if state == "failed"]
        return sorted(failed) or sorted(name for name, state in states.items() if state == "upstream_failed")

    def warnings(self) -> list[str]:
        """The warnings of the tasks upstream of this one, one per line."""
        from aws_services.airflow_operators import RawCrawlerOperator

        lines: list[str] = []
        for name in sorted(self._ti.task.upstream_task_ids):
            warnings = self._ti.xcom_pull(task_ids=[name], key=RawCrawlerOperator.WARNING)
            lines += [f"{name}: {warning}" for warning in warnings if warning]
        return lines

    def steps(self) -> list[Step]:
        """The steps of this DAG run that ended, by name, without those that were skipped."""
        ti = cast("RuntimeTaskInstance", self._ti)  # the protocol doesn't have this method yet
        ended = [
            task
            for task in ti.get_task_breadcrumbs(ti.dag_id, ti.run_id)
            if task["state"] in ("success", "failed") and task["duration"] is not None
        ]
        return [_step(name, list(tasks)) for name, tasks in groupby(sorted(ended, key=_name_of), _name_of)]


_name_of = itemgetter("task_id")


def _step(name: str, tasks: Sequence[Mapping[str, Any]]) -> Step:
    seconds = [float(task["duration"]) for task in tasks]
    failed = sum(task["state"] == "failed" for task in tasks)
    return Step(name, len(tasks), failed, sum(seconds), max(seconds))
