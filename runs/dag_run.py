"""A DAG run and its tasks, as far as the steps of a run need them from the orchestrator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class RunParams:
    """The parameters of a pipeline's run. A parameter that the pipeline doesn't have keeps its default.

    Attributes:
        day: the day to observe (UTC), parameter `date`; None: the scheduled day, else today.
        refetch: fetch a second observation of a finished day.
        rebuild: validate and load a finished day again.
        accept_drop: publish even if there are far fewer records than before.
        location: folder of the files, instead of the source's own.
        full: land, validate and load every file, whether it changed or not.
    """

    day: date | None = None
    refetch: bool = False
    rebuild: bool = False
    accept_drop: bool = False
    location: str | None = None
    full: bool = False

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> RunParams:
        """Read the orchestrator's parameters, which are checked against their schema; the date is ISO text."""
        chosen = params.get("date")
        return cls(
            day=date.fromisoformat(chosen) if chosen else None,
            refetch=bool(params.get("refetch")),
            rebuild=bool(params.get("rebuild")),
            accept_drop=bool(params.get("accept_drop")),
            location=params.get("location") or None,
            full=bool(params.get("full")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DagRun:
    """The DAG run that a task belongs to.

    Attributes:
        dag_id: the DAG.
        run_id: Airflow's id of the DAG run; it holds the lock under this name.
        run_type: `manual`, `scheduled`, `backfill` or `asset_triggered`.
        params: its parameters.
        logical_date: the scheduled moment, UTC; None when a person triggered it.
        run_after: when it was due, UTC; None if the orchestrator doesn't report it.
        started_at: when it started, UTC; None likewise.
        clear_number: how often a person cleared it.
    """

    dag_id: str
    run_id: str
    run_type: str
    params: RunParams
    logical_date: datetime | None = None
    run_after: datetime | None = None
    started_at: datetime | None = None
    clear_number: int = 0

    def business_date(self, settings: Settings) -> date:
        """The day that the run is about."""
        return business_date(self.params, self.logical_date, settings)


def business_date(params: RunParams, logical_date: datetime | None, settings: Settings) -> date:
    """The day that a run is about: the parameter, else the scheduled day, else today (UTC)."""
    if params.day:
        return params.day
    return logical_date.date() if logical_date else settings.current_date()


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a DAG run, with the tasks of it that ended.

    Attributes:
        name: the task's name.
        tasks: its tasks: one, or one per entity.
        failed: how many of them failed.
        work_seconds: the sum of their seconds, each of its last attempt.
        longest_seconds: the seconds of the longest.
    """

    name: str
    tasks: int
    failed: int
    work_seconds: float
    longest_seconds: float


class Orchestrator(Protocol):
    """The queries of a task to the orchestrator."""

    def has_ended(self, dag_run_id: str) -> bool:
        """Whether another run of this DAG is known to have ended; an unknown one may run elsewhere."""

    def failed_tasks(self) -> Sequence[str]:
        """Tasks of this DAG run that failed; without any, those that didn't run because of another failure; by name."""

    def warnings(self) -> Sequence[str]:
        """The warnings of the tasks upstream of this one."""

    def steps(self) -> Sequence[Step]:
        """The steps of this DAG run that ended, by name, without those that were skipped."""
