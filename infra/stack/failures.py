"""DAG runs that failed and that no later run of the same day made good, with the reason that each has as its note."""

from __future__ import annotations

from typing import Any

from infra.stack.airflow_api import AirflowApi

_MOST = 5
_NO_NOTE = "no reason was noted; Airflow's UI shows its tasks and their logs"


def failed_runs(airflow: AirflowApi) -> list[dict[str, Any]]:
    """The newest failed runs, newest first; `is_newest` says that no run of the DAG has ended since.

    Raises:
        AirflowError: Airflow does not answer.
    """
    failures: list[dict[str, Any]] = []
    seen: set[str] = set()
    made_good: set[tuple[str, str | None]] = set()
    for run in airflow.newest_runs():
        dag_id, day = run["dag_id"], _day(run)
        if run["state"] == "success":
            made_good.add((dag_id, day))
        elif (dag_id, day) not in made_good:
            failures.append(
                {
                    "dag_id": dag_id,
                    "run_id": run["dag_run_id"],
                    "date": day,
                    "ended_at": run["end_date"],
                    "reason": (run["note"] or _NO_NOTE).removeprefix("Failed: "),
                    "is_newest": dag_id not in seen,
                }
            )
            made_good.add((dag_id, day))  # an earlier failure of that day has nothing to add
        seen.add(dag_id)
    return sorted(failures, key=lambda failure: not failure["is_newest"])[:_MOST]


def _day(run: dict[str, Any]) -> str | None:
    """The business date of a run: the parameter, else the scheduled day; None for one that was only triggered."""
    given = (run.get("conf") or {}).get("date")
    return str(given or run["logical_date"] or "")[:10] or None
