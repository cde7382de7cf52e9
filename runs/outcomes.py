"""The outcome of a run, recorded for people and for the next attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from aws_services.errors import NoSuchBucket, NotFound
from lake import layout
from lake.layout import RunId
from lake.store import CorruptObject, Lake

Status = Literal["running", "succeeded", "failed"]


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """The outcome of a run.

    Attributes:
        run_id: the run, with its observation.
        status: `running`, `succeeded` or `failed`.
        opened_by: the DAG run that opened this observation first; with it, repeating that DAG run resumes the
            observation instead of opening another.
        dag_run_id: the DAG run that worked on it last.
        started_at: when that DAG run began, UTC.
        finished_at: when it ended, UTC, or None while it runs.
        failed_task: the task that failed, or None.
        error: the reason, or None.
        counts: the main figures, by name.
    """

    run_id: str
    status: Status
    opened_by: str
    dag_run_id: str
    started_at: datetime
    finished_at: datetime | None = None
    failed_task: str | None = None
    error: str | None = None
    counts: Mapping[str, Any] = field(default_factory=dict)

    def write(self, lake: Lake) -> None:
        """Write the record, replacing that of an earlier attempt."""
        finished = self.finished_at and self.finished_at.isoformat()
        content = {**asdict(self), "started_at": self.started_at.isoformat(), "finished_at": finished}
        lake.write_json(layout.outcome_key(RunId.parse(self.run_id)), content)

    @classmethod
    def read(cls, lake: Lake, run: RunId) -> RunOutcome | None:
        """The record of a run, or None if it never began. Raises CorruptObject if it is unreadable."""
        key = layout.outcome_key(run)
        try:
            content = lake.read_json(key)
        except NoSuchBucket:
            raise
        except NotFound:
            return None
        try:
            finished = content["finished_at"]
            times = {
                "started_at": datetime.fromisoformat(content["started_at"]),
                "finished_at": finished and datetime.fromisoformat(finished),
            }
            return cls(**{**content, **times})
        except (KeyError, TypeError, ValueError) as error:
            raise CorruptObject(f"{lake.uri(key)} is not an outcome record ({error}): delete it") from error


def open_outcome(lake: Lake, run: RunId, dag_run_id: str, started_at: datetime) -> RunOutcome:
    """Record that a DAG run begins to work on a run; `opened_by` stays as it is. Returns the record."""
    earlier = RunOutcome.read(lake, run)
    outcome = RunOutcome(str(run), "running", earlier.opened_by if earlier else dag_run_id, dag_run_id, started_at)
    outcome.write(lake)
    return outcome


def close_outcome(
    lake: Lake,
    run: RunId,
    status: Status,
    finished_at: datetime,
    *,
    failed_task: str | None = None,
    error: str | None = None,
    counts: Mapping[str, Any] | None = None,
) -> RunOutcome:
    """Record how a run ended. Raises LookupError if it was never opened."""
    opened = RunOutcome.read(lake, run)
    if opened is None:
        raise LookupError(f"run {run} was never opened: {lake.uri(layout.outcome_key(run))} is missing")
    outcome = replace(
        opened, status=status, finished_at=finished_at, failed_task=failed_task, error=error, counts=counts or {}
    )
    outcome.write(lake)
    return outcome
