"""Attempts at a run, each in a process of its own that may be killed; what finished tasks returned outlives it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from settings import get_settings


@dataclass(frozen=True)
class Attempt:
    """One process's work on a run.

    Attributes:
        folder: where results, log and what was died after are kept from attempt to attempt.
        environment: of the process, over that of its parent.
        pipeline: the DAG.
        dag_run: id of the DAG run.
        ended: DAG runs that Airflow knows to have ended.
        params: of the DAG run, where they are not the default.
        deadly: whether to die after each side effect that no attempt died after before.
        until: the last task to do; by default all tasks are done.
        skip: tasks whose outcome stands from an earlier run of the day.
    """

    folder: Path
    environment: Mapping[str, str]
    pipeline: str = "ticketmaster_daily"
    dag_run: str = "manual-1"
    ended: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    deadly: bool = False
    until: str = ""
    skip: tuple[str, ...] = ()

    @property
    def results(self) -> dict[str, Any]:
        """What each finished task returned, by task, in order."""
        file = self.folder / "results.jsonl"
        return dict(json.loads(line) for line in file.read_text().splitlines()) if file.exists() else {}

    def keep(self, task: str, result: Any) -> None:
        """Remember what a finished task returned, as Airflow does between tasks."""
        with (self.folder / "results.jsonl").open("a") as file:
            file.write(json.dumps([task, result]) + "\n")

    def forget(self, *tasks: str) -> None:
        """Do these tasks again; all when none is named."""
        kept = {task: result for task, result in self.results.items() if tasks and task not in tasks}
        (self.folder / "results.jsonl").unlink(missing_ok=True)
        for task, result in kept.items():
            self.keep(task, result)

    @property
    def log(self) -> str:
        """What all attempts printed."""
        return (self.folder / "log.txt").read_text()


def carry_out(attempt: Attempt) -> None:
    """The program of such a process: do what is left of a run; the exit code is 1 when a task fails."""
    os.setsid()
    log = os.open(attempt.folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(attempt.environment)
    get_settings.cache_clear()
    from tests.faults.pipeline import work  # imported by the server that this process was forked from

    work(attempt)
