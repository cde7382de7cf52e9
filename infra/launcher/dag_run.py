"""A DAG run that a person starts: triggered with checked parameters, followed to its end, and summarised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import typer

from infra import terminal
from infra.children import INTERRUPTED
from infra.launcher import summary
from infra.launcher.follow import DagRunOutcome, Follower
from infra.stack.airflow_api import AirflowError
from infra.stack.stack import Stack, StackError
from warehouse.stars import stars

_FETCHING = ("refetch", "full", "location")
"""Parameters that make a run look at its source again."""


def trigger(stack: Stack, dag_id: str, day: date | None, **params: str | bool) -> str:
    """Trigger a DAG and return the DAG run's id; the command ends if Airflow refuses it."""
    try:
        stack.wait_for_dag(dag_id)
        conf = _conf(stack, dag_id, day, params)
        return stack.airflow.trigger(dag_id, conf)
    except (AirflowError, StackError) as error:
        terminal.fail(f"{dag_id} could not be triggered: {error}")


def _conf(stack: Stack, dag_id: str, day: date | None, params: Mapping[str, str | bool]) -> dict[str, str | bool]:
    """What to trigger a DAG with; parameters that it does not declare are refused, a day that it needs is added."""
    declared = stack.airflow.params(dag_id)
    conf = {"date": day.isoformat(), **params} if day else dict(params)
    if refused := [name for name in conf if name not in declared]:
        terminal.fail(
            f"{dag_id} has no parameter {', '.join(refused)}; it has: {', '.join(declared) or 'none'}", code=2
        )
    return {"date": stack.settings.current_date().isoformat(), **conf} if "date" in declared else conf


def succeeds(stack: Stack, pipeline: str, day: date | None) -> bool:
    """Run a pipeline; whatever comes of it, the others can be run after it."""
    try:
        return run(stack, pipeline, day).succeeded
    except typer.Exit as ended:
        if ended.exit_code == INTERRUPTED:
            raise
        return False  # the reason was printed


def run(stack: Stack, dag_id: str, day: date | None, **params: str | bool) -> DagRunOutcome:
    """Trigger a DAG, follow it to its end, and print what came of it."""
    run_id = trigger(stack, dag_id, day, **params)
    business_date, is_pipeline = day or stack.settings.current_date(), _is_pipeline(dag_id)
    of_day = f" for {business_date}" if is_pipeline else ""
    terminal.say(f"running {dag_id}{of_day}: {stack.airflow_url}/dags/{dag_id}/runs/{run_id}")
    detail = summary.Progress(stack, dag_id, business_date).detail if is_pipeline else lambda task: None
    try:
        outcome = Follower(stack.airflow, stack.home / "airflow", terminal.say, detail).follow(dag_id, run_id)
    except KeyboardInterrupt:
        terminal.complain(
            f"\nboxoffice: interrupted; {dag_id} goes on in Airflow: {stack.airflow_url}/dags/{dag_id}/runs/{run_id}\n"
            f"  './boxoffice status' tells how it ended, './boxoffice logs {dag_id}' shows what it wrote last.\n"
            "  To stop it, mark the run as failed in Airflow. './boxoffice down' stops all; the next 'up' resumes."
        )
        raise typer.Exit(INTERRUPTED) from None
    except AirflowError as error:
        terminal.fail(f"{error}; the run itself may go on: './boxoffice status' tells whether Airflow is up")
    if not outcome.succeeded:
        _show_failure(stack, dag_id, outcome, params)
        return outcome
    terminal.say(f"{dag_id} succeeded in {outcome.seconds:.0f} s")
    if is_pipeline:
        summary.show(stack, dag_id, business_date, run_id)
    else:
        summary.show_returned(stack, dag_id, run_id)
    return outcome


def _is_pipeline(dag_id: str) -> bool:
    return any(star.pipeline == dag_id for star in stars())


def _show_failure(stack: Stack, dag_id: str, outcome: DagRunOutcome, params: Mapping[str, str | bool]) -> None:
    terminal.complain(f"{dag_id} failed after {outcome.seconds:.0f} s")
    for failure in outcome.failures:
        terminal.complain(f"  task {failure.task}: {failure.reason}\n  log: {failure.log}")
    if not outcome.failures:
        terminal.complain(f"  no task failed: it was stopped, or ran out of time; see {stack.airflow_url}")
    is_fetched = {"open_run", "extract"}.isdisjoint(failure.task.split()[0] for failure in outcome.failures)
    fetching = [f"--{name}" for name in _FETCHING if params.get(name)] if is_fetched else []
    resumes = "the same command" + (f" without {', '.join(fetching)}" if fetching else "")
    terminal.complain(f"What was landed and loaded before is kept; {resumes} resumes the run.")
