"""From Airflow's context of a task to the typed one that the steps of a run take."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from airflow.sdk import get_current_context

from aws_services.resources import Pipeline
from runs.dag_run import DagRun, RunParams, business_date
from runs.run import Run

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.sdk.types import RuntimeTaskInstanceProtocol

    from runs.context import RunContext, TaskContext


def task_context(pipeline: Pipeline) -> TaskContext:
    """The context of the task that is running now."""
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
    """The context of the task that is running now, of a run that is open."""
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
    """The business date of a task's run; None for a DAG that has no days, or when the context does not say."""
    from settings import get_settings

    params, logical_date = context.get("params", {}), context.get("logical_date")
    if "date" not in params:
        return None
    return business_date(RunParams.of(params), logical_date, get_settings())


class AirflowTask:
    """What Airflow answers a running task; implements `runs.dag_run.Orchestrator`.

    Args:
        ti: the task instance.
    """

    def __init__(self, ti: RuntimeTaskInstanceProtocol) -> None:
        self._ti = ti

    def has_ended(self, dag_run_id: str) -> bool:
        """Whether Airflow knows another run of this DAG to have ended; one that it does not know may run elsewhere."""
        ended = ["success", "failed"]
        return bool(self._ti.get_dr_count(dag_id=self._ti.dag_id, run_ids=[dag_run_id], states=ended))

    def failed_tasks(self) -> list[str]:
        """Tasks of this DAG run that failed, or were not run because another failed, in order of their names."""
        run_id = self._ti.run_id
        states = self._ti.get_task_states(dag_id=self._ti.dag_id, run_ids=[run_id]).get(run_id, {})
        failed = [name for name, state in states.items() if state == "failed"]
        return sorted(failed) or sorted(name for name, state in states.items() if state == "upstream_failed")

    def warnings(self) -> list[str]:
        """The warnings of the tasks upstream of this one, a line each."""
        from aws_services.airflow_operators import RawCrawlerOperator

        lines: list[str] = []
        for name in sorted(self._ti.task.upstream_task_ids):
            warnings = self._ti.xcom_pull(task_ids=[name], key=RawCrawlerOperator.WARNING)
            lines += [f"{name}: {warning}" for warning in warnings if warning]
        return lines
