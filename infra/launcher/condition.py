"""`./boxoffice status`: the services and their addresses, problems with remedies, and failed runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from infra.launcher import summary
from infra.stack import findings
from infra.stack.airflow_api import AirflowApi, AirflowError
from infra.stack.failures import failed_runs
from infra.stack.services import AIRFLOW, AWS, DASHBOARDS
from infra.stack.stack import Stack

ALL_WELL, NOT_UP, RUNS_FAILED = 0, 3, 4
"""Exit codes of `status`."""

_PATIENCE_SECONDS = 3.0
_SECONDS = "%Y-%m-%d %H:%M:%S"


def of(stack: Stack) -> dict[str, Any]:
    """The stack's condition, for people and programs. Every check has a time limit.

    Returns:
        `up` (every process runs, and there are no findings; the dashboards don't count), `home`, `processes`, `urls`,
        `findings` (service, problem, remedy, restart), `failed_runs`, and `runs`, the newest of each pipeline.
    """
    state = stack.status()
    problems = findings.look(stack)
    down = {name for name in state["processes"] if not _runs(state, name)}
    unhealthy = down | {finding.service for finding in problems}
    return state | {
        "up": state["up"] and all(finding.service == DASHBOARDS for finding in problems),
        "findings": [dataclasses.asdict(finding) for finding in problems],
        "failed_runs": [] if AIRFLOW[-1] in unhealthy else _failed_runs(stack),
        "runs": [] if AWS in unhealthy else summary.latest(stack),
    }


def exit_code(condition: Mapping[str, Any]) -> int:
    """0 if everything works, 3 if a service is down or has a problem, 4 if a DAG's newest run failed."""
    if not condition["up"]:
        return NOT_UP
    return RUNS_FAILED if any(run["is_newest"] for run in condition["failed_runs"]) else ALL_WELL


def lines(condition: Mapping[str, Any]) -> Iterator[str]:
    """The condition as lines for people."""
    for name, process in condition["processes"].items():
        place = f"pid {process['pid']}" if process["pid"] else f"log {process['log']}"
        yield f"{name:<24} {process['state']:<6} {place}"
    if any(process["state"] == "died" for process in condition["processes"].values()):
        yield f"'{findings.UP}' restarts the processes that died; interrupted runs resume, or report what to do"
    for finding in condition["findings"]:
        yield f"WRONG: {finding['service']} {finding['problem']}; {finding['remedy']}"
    for name, url in condition["urls"].items():
        yield f"{name:<24} {url}"
    for run in condition["runs"]:
        finished_at = run["finished_at"]
        at = f"{finished_at:{_SECONDS}}" if finished_at else f"since {run['started_at']:{_SECONDS}}"
        yield f"{run['run_id']:<36} {run['status']:<10} {at:<28} {summary.unchanged(run)}".rstrip()
    for run in condition["failed_runs"]:
        day = f" of {run['date']}" if run["date"] else ""
        yield f"FAILED: {run['dag_id']}{day}, {run['ended_at'][:19]}: {' '.join(run['reason'].split())}"


def _runs(state: Mapping[str, Any], name: str) -> bool:
    return bool(state["processes"][name]["pid"])


def _failed_runs(stack: Stack) -> list[dict[str, Any]]:
    try:
        return failed_runs(AirflowApi(stack.airflow_url, timeout=_PATIENCE_SECONDS, patience=0))
    except AirflowError:
        return []  # it answered a moment ago and doesn't now: the next `status` reports that
