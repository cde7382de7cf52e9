"""Following a DAG run from outside: what its tasks do while they do it, and why it failed if it did."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.stack.airflow_api import AirflowApi
from infra.terminal import printable

_DETAIL_SECONDS = 5.0
_QUEUED_SECONDS = 10.0
FINAL = {"success", "failed"}
"""States of a DAG run that has ended."""
_QUIET = {None, "scheduled", "queued", "removed", "skipped"}  # why there was nothing to do, a summary says once
_NAMES = {
    "deferred": "waiting",
    "upstream_failed": "not run",
    "up_for_retry": "will be retried",
    "up_for_reschedule": "waiting",
}
_COMES_BACK = ("up_for_retry", "up_for_reschedule")


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed task: which, why, and where its log lies."""

    task: str
    reason: str
    log: Path


@dataclass(slots=True)
class DagRunOutcome:
    """How a DAG run ended."""

    state: str
    seconds: float
    failures: list[Failure] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        """Whether the whole run succeeded."""
        return self.state == "success"


class Follower:
    """Prints a run's progress, a line for each change of a task's state.

    Args:
        airflow: the API to ask.
        airflow_home: where Airflow keeps the task logs.
        say: prints a line.
        detail: what to add while a task works (such as pages landed so far); called with the task id, once for all
            instances of a mapped one.
        interval: seconds between looks.
    """

    def __init__(
        self,
        airflow: AirflowApi,
        airflow_home: Path,
        say: Callable[[str], None],
        detail: Callable[[str], str | None] = lambda task: None,
        interval: float = 1.0,
    ) -> None:
        self._airflow = airflow
        self._home = airflow_home
        self._say = say
        self._detail = detail
        self._interval = interval
        self._seen: dict[str, str] = {}
        self._detailed: dict[str, float] = {}

    def follow(self, dag_id: str, run_id: str) -> DagRunOutcome:
        """Follow a run to its end."""
        began = time.monotonic()
        waited = False
        while True:
            state = self._airflow.run_state(dag_id, run_id)
            tasks = self._airflow.task_states(dag_id, run_id)
            for task in sorted(tasks, key=lambda task: task["start_date"] or "9999"):
                self._report(task, time.monotonic() - began)
            if state == "queued" and not waited and time.monotonic() - began > _QUEUED_SECONDS:
                waited = True
                self._say(f"{time.monotonic() - began:6.1f} s  {self._queued(dag_id)}")
            if state in FINAL:
                failures = [self._failure(dag_id, run_id, task) for task in tasks if task["state"] == "failed"]
                return DagRunOutcome(state, time.monotonic() - began, failures)
            time.sleep(self._interval)

    def _queued(self, dag_id: str) -> str:
        """What a queued run waits for; a run that waits out an outage may hold it up for the rest of the day."""
        if ahead := self._airflow.running_runs(dag_id):
            urls = ", ".join(f"{self._airflow.url}/dags/{dag_id}/runs/{run_id}" for run_id in ahead)
            return f"queued until this run has ended (to stop it, mark it as failed there): {urls}"
        return f"queued; no other run of {dag_id} is at work: './boxoffice status' tells whether the scheduler is"

    def _report(self, task: dict[str, Any], elapsed: float) -> None:
        name, state = _label(task), task["state"]
        is_nameless = state == "running" and task["map_index"] >= 0  # a mapped task has its name only when it ends
        if self._seen.get(name) != state and state not in _QUIET and not is_nameless:
            self._seen[name] = state
            took = f" in {_seconds(task):.1f} s" if state in FINAL else ""
            why = self._plan(task) if state in _COMES_BACK else ""
            self._say(f"{elapsed:6.1f} s  {name:<26} {_NAMES.get(state, state)}{took}{why}")
        elif state == "running":
            self._report_detail(task["task_id"], elapsed)

    def _report_detail(self, task_id: str, elapsed: float) -> None:
        if elapsed - self._detailed.setdefault(task_id, elapsed) < _DETAIL_SECONDS:
            return
        self._detailed[task_id] = elapsed
        if detail := self._detail(task_id):
            self._say(f"{elapsed:6.1f} s  {task_id:<26} {detail}")

    def _plan(self, task: dict[str, Any]) -> str:
        """When a task will be tried again and why, in words to be added."""
        told = plan(self._airflow.task_log(task["dag_id"], task["dag_run_id"], task))
        return f": {printable(told)}" if told else ""

    def _failure(self, dag_id: str, run_id: str, task: dict[str, Any]) -> Failure:
        parts = [f"dag_id={dag_id}", f"run_id={run_id}", f"task_id={task['task_id']}"]
        if task["map_index"] >= 0:
            parts.append(f"map_index={task['map_index']}")
        log = self._home.joinpath("logs", *parts, f"attempt={task['try_number'] or 1}.log")
        return Failure(_label(task), reason(self._airflow.task_log(dag_id, run_id, task)), log)


def reason(entries: list[dict[str, Any]]) -> str:
    """The error that ended a task, taken from its structured log: the innermost exception's own words."""
    for entry in reversed(entries):
        details = entry.get("error_detail") or []
        if details:
            return f"{details[0].get('exc_type', 'Error')}: {details[0].get('exc_value', '')}".strip()
    for entry in reversed(entries):
        if entry.get("level") in ("error", "critical"):
            return str(entry.get("event", "")).strip()
    return "no error was logged; the task's process may have been killed"


def plan(entries: list[dict[str, Any]]) -> str:
    """When a task will be tried again and why, as its log says at the end of an attempt; empty when it does not."""
    texts = (str(entry.get(name, "")) for entry in reversed(entries) for name in ("reason", "event"))
    return next((text for text in texts if " again at " in text), "")


def _label(task: dict[str, Any]) -> str:
    index = f" [{task.get('rendered_map_index') or task['map_index']}]" if task["map_index"] >= 0 else ""
    return printable(task["task_id"] + index)


def _seconds(task: dict[str, Any]) -> float:
    if not task["start_date"] or not task["end_date"]:
        return 0.0
    return (datetime.fromisoformat(task["end_date"]) - datetime.fromisoformat(task["start_date"])).total_seconds()
