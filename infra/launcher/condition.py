"""`./boxoffice status`: what runs and where, what is wrong with it and what to do, and which runs failed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from infra.launcher import summary
from infra.stack import findings
from infra.stack.airflow_api import AirflowApi, AirflowError
from infra.stack.failures import failed_runs
from infra.stack.services import AIRFLOW, AWS
from infra.stack.stack import Stack

ALL_WELL, NOT_UP, RUNS_FAILED = 0, 3, 4
"""Exit codes of `status`."""

_PATIENCE_SECONDS = 3.0
_SECONDS = "%Y-%m-%d %H:%M:%S"


def of(stack: Stack) -> dict[str, Any]:
    """The stack's condition, for people and programs. Every question has a time limit.

    Returns:
        `up` (every process runs, and nothing is wrong with any), `home`, `processes`, `urls`, `findings` (service,
        problem, remedy, restart), `failed_runs`, and `runs`, the newest of each pipeline.
    """
    state = stack.status()
    found = findings.look(stack)
    unwell = {finding.service for finding in found} | {name for name in state["processes"] if not _runs(state, name)}
    return state | {
        "up": state["up"] and not found,
        "findings": [dataclasses.asdict(finding) for finding in found],
        "failed_runs": [] if AIRFLOW[-1] in unwell else _failed_runs(stack),
        "runs": [] if AWS in unwell else summary.latest(stack),
    }


def exit_code(condition: Mapping[str, Any]) -> int:
    """0 when all is well; 3 when something is down or wrong; 4 when a DAG's newest run failed."""
    if not condition["up"]:
        return NOT_UP
    return RUNS_FAILED if any(run["is_newest"] for run in condition["failed_runs"]) else ALL_WELL


def lines(condition: Mapping[str, Any]) -> Iterator[str]:
    """The condition in words, a line each."""
    for name, process in condition["processes"].items():
        place = f"pid {process['pid']}" if process["pid"] else f"log {process['log']}"
        yield f"{name:<24} {process['state']:<6} {place}"
    if any(process["state"] == "died" for process in condition["processes"].values()):
        yield f"'{findings.UP}' starts again what died; runs that were under way go on, or say what to do"
    for finding in condition["findings"]:
        yield f"WRONG: {finding['service']} {finding['problem']}; {finding['remedy']}"
    for name, url in condition["urls"].items():
        yield f"{name:<24} {url}"
    for run in condition["runs"]:
        since, until = run["started_at"], run["finished_at"]
        at = f"{until:{_SECONDS}}" if until else f"since {since:{_SECONDS}}"
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
        return []  # it has answered a moment ago, and is found to be silent when asked again
