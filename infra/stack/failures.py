"""Failed DAG runs without a later successful run of the same day, with the reasons from their notes."""

from __future__ import annotations

from typing import Any

from infra.stack.airflow_api import AirflowApi

_MOST = 5
_NO_NOTE = "the run has no note with the reason; Airflow's UI shows its tasks and their logs"


def failed_runs(airflow: AirflowApi) -> list[dict[str, Any]]:
    """The newest failed runs, newest first. `is_newest` means that no run of the DAG has ended since.

    Raises:
        AirflowError: Airflow doesn't answer.
    """
    failures: list[dict[str, Any]] = []
    newer_dags: set[str] = set()
    settled_days: set[tuple[str, str | None]] = set()
    for run in airflow.newest_runs():
        dag_id = run["dag_id"]
        day = _day(run)
        if run["state"] == "success":
            settled_days.add((dag_id, day))
        elif (dag_id, day) not in settled_days:
            failures.append(
                {
                    "dag_id": dag_id,
                    "run_id": run["dag_run_id"],
                    "date": day,
                    "ended_at": run["end_date"],
                    "reason": (run["note"] or _NO_NOTE).removeprefix("Failed: "),
                    "is_newest": dag_id not in newer_dags,
                }
            )
            settled_days.add((dag_id, day))  # earlier failures of that day are not listed
        newer_dags.add(dag_id)
    return sorted(failures, key=lambda failure: not failure["is_newest"])[:_MOST]


def _day(run: dict[str, Any]) -> str | None:
    """The business date of a run: the parameter, else the scheduled day, else None."""
    parameter = (run.get("conf") or {}).get("date")
    return str(parameter or run["logical_date"] or "")[:10] or None
