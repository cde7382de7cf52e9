"""How long the steps of a run took, in the ledger: a row per DAG run of the run, and step."""

from __future__ import annotations

from collections.abc import Sequence

from aws_services.redshift_data import RedshiftData, Value
from runs.dag_run import Step


def record_steps(redshift: RedshiftData, run_id: str, dag_run_id: str, steps: Sequence[Step]) -> None:
    """Replace the steps of a run in one DAG run; one transaction. Other DAG runs of the run keep theirs."""
    params: dict[str, Value] = {"run_id": run_id, "dag_run_id": dag_run_id}
    statements = [
        "LOCK etl.run_steps",
        "DELETE FROM etl.run_steps WHERE run_id = :run_id AND dag_run_id = :dag_run_id",
    ]
    for number, step in enumerate(steps):
        params[f"step_{number}"] = step.name
        statements.append(
            "INSERT INTO etl.run_steps (run_id, dag_run_id, step, tasks, failed_tasks, work_seconds, longest_seconds, "
            f"recorded_at) VALUES (:run_id, :dag_run_id, :step_{number}, {int(step.tasks)}, {int(step.failed)}, "
            f"{step.work_seconds:.3f}, {step.longest_seconds:.3f}, GETDATE())"
        )
    redshift.batch(statements, params)
