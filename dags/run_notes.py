"""Writes why a run failed into its note, which Airflow's UI and API show with it.

A task's own process may not write a note: it has no access to Airflow's database, and the execution API has no call
for it. It leaves its sentence as an XCom instead. The scheduler calls these listeners while it ends the run, in the
same transaction, so they need no credentials.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from airflow.listeners import hookimpl
from sqlalchemy.orm import object_session

from dags import alerts

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun
    from airflow.sdk import Context
    from sqlalchemy.orm import Session

_MARK = "Failed: "
_LONGEST = 1000  # characters, Airflow's limit


@hookimpl
def on_dag_run_failed(dag_run: DagRun, msg: str) -> None:
    """Note why the run failed, below what a person has noted."""
    if (session := object_session(dag_run)) is None:
        return  # `airflow dags test` ends a run that it has taken out of the database
    reason = _reason_of_task(dag_run, session) or _reason_of_run(dag_run, session, msg)
    notes = [*_others_notes(dag_run), f"{_MARK}{reason}"]
    dag_run.note = "\n\n".join(notes)[:_LONGEST]


@hookimpl
def on_dag_run_success(dag_run: DagRun, msg: str) -> None:  # noqa: ARG001  the hook's signature
    """Remove the reason of an earlier failure: a cleared run has succeeded."""
    others = _others_notes(dag_run)
    if dag_run.note and [dag_run.note] != others:
        dag_run.note = "\n\n".join(others) or None


def _others_notes(dag_run: DagRun) -> list[str]:
    """What people wrote into a run's note."""
    kept, _, _ = (dag_run.note or "").partition(_MARK)
    return [kept.strip()] if kept.strip() else []


def _reason_of_task(dag_run: DagRun, session: Session) -> str | None:
    """The sentence that the first failed task left."""
    from airflow.models.xcom import XComModel

    sentences = XComModel.get_many(run_id=dag_run.run_id, dag_ids=dag_run.dag_id, key=alerts.REASON_KEY)
    rows = sorted(session.scalars(sentences), key=lambda row: row.timestamp)  # type: ignore[attr-defined]  # no tuples
    return str(XComModel.deserialize_value(rows[0])) if rows else None


def _reason_of_run(dag_run: DagRun, session: Session, msg: str) -> str:
    """For a run that timed out, or whose task was killed and left no sentence."""
    killed = sorted({ti.task_id for ti in dag_run.get_task_instances(session=session) if ti.state == "failed"})
    reason = f"{', '.join(killed)}: {alerts.SILENT}" if killed and msg == "task_failure" else msg
    context = {
        "dag": SimpleNamespace(dag_id=dag_run.dag_id),
        "run_id": dag_run.run_id,
        "reason": reason,
        "params": dag_run.conf or {},
        "logical_date": dag_run.logical_date,
    }
    return alerts.sentence(alerts.of_run(cast("Context", context))[1], alerts.NOTE_LENGTH)
