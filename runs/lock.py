"""Taking the lock of a pipeline, and keeping it while the run works (`lake.run_lock` holds it)."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from lake.layout import RunId
from lake.run_lock import Lock, RunInProgress, RunLock
from runs.context import RunContext, TaskContext
from runs.run import LEASE

log = logging.getLogger(__name__)

_BACK_IN = timedelta(seconds=30)


class PipelineIsBusy(Exception):
    """Another run holds the lock, and this one waits for its turn.

    Attributes:
        again_at: when to look again, UTC.
    """

    def __init__(self, lock: Lock, again_at: datetime) -> None:
        super().__init__(lock, again_at)
        self.again_at = again_at


def take_lock(context: TaskContext, run_id: RunId) -> Lock:
    """Take the pipeline's lock for a run, or say when to look again.

    A person is told who is at work. A backfill opens several runs at once, and a scheduled run may meet a backfill: the
    days of those must not fail because they overlap. They wait for as long as a run may take (the DAG's timeout).

    Raises:
        lake.run_lock.RunInProgress: another run holds the lock and has not ended, and a person started this one.
        PipelineIsBusy: another run holds the lock, and no person waits for this one.
    """
    lock, dag_run = RunLock(context.lake, context.pipeline.name), context.dag_run
    try:
        return lock.acquire(dag_run.run_id, run_id, LEASE, is_over=context.orchestrator.has_ended)
    except RunInProgress as busy:
        if dag_run.run_type == "manual":
            raise
        log.info("%s is being run by %s: looking again in %s", busy.lock.pipeline, busy.lock.holder, _BACK_IN)
        raise PipelineIsBusy(busy.lock, datetime.now(UTC) + _BACK_IN) from busy


def check_lock(context: RunContext) -> None:
    """Renew the run's lock, before a step that writes.

    Raises:
        lake.run_lock.LockLost: another run has taken over.
    """
    run = context.run
    RunLock(context.lake, run["pipeline"]).renew(run["holder"], run["fence"], LEASE)
