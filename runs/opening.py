"""Opening a run: which observation of which day it works on, the pipeline's lock, the ledger's row."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from lake.layout import RunId
from lake.observations import Observation, Observations
from lake.run_lock import Lock, RunLock
from runs import ledger
from runs.choosing import choose
from runs.context import TaskContext
from runs.lock import take_lock
from runs.outcomes import open_outcome
from runs.punctuality import is_due
from runs.run import Run

log = logging.getLogger(__name__)


def open_run(
    context: TaskContext,
    *,
    has_past: bool,
    refetch: bool = False,
    rebuild: bool = False,
    resumable: Callable[[RunId], bool] = lambda run: True,
) -> Run | None:
    """Decide which observation of which day to work on, take the pipeline's lock, open the ledger.

    Args:
        context: of the task.
        has_past: whether the source can still tell what was true on a past day.
        refetch: whether to observe a finished day again, though the parameter of that name does not say so.
        rebuild: whether to load it again, likewise.
        resumable: whether an unfinished observation may be resumed; else another is begun next to it.

    Returns:
        The run, or None when there is nothing to do: the day is finished already, or the run's hour has passed.

    Raises:
        runs.choosing.CannotObserve: a past day without raw data, or a future one.
        lake.run_lock.RunInProgress: another run of the pipeline holds the lock and has not ended, and a person started
            this one.
        runs.lock.PipelineIsBusy: another run holds the lock, and no person waits for this one.
    """
    pipeline, params = context.pipeline, context.dag_run.params
    if not is_due(context.dag_run, context.settings, RunLock(context.lake, pipeline.name).current()):
        return None
    is_rebuilt = rebuild or params.rebuild
    observation = choose(
        Observations(context.lake, pipeline.source, pipeline.entities, pipeline.name),
        context.business_date,
        today=context.settings.current_date(),
        has_past=has_past,
        refetch=refetch or params.refetch,
        dag_run_id=context.dag_run.run_id,
        resumable=resumable,
    )
    if not is_rebuilt and _is_loaded(context, observation):
        log.info(
            "run %s is finished: nothing to do. Trigger with rebuild to load it again from its raw data",
            observation.run,
        )
        return None
    lock = take_lock(context, observation.run)
    _record(context, observation.run, lock)
    log.info("opened run %s (fence %d)", observation.run, lock.fence)
    return Run(
        run_id=str(observation.run),
        pipeline=pipeline.name,
        source=pipeline.source,
        business_date=context.business_date.isoformat(),
        holder=lock.holder,
        fence=lock.fence,
        rebuild=is_rebuilt,
    )


def _is_loaded(context: TaskContext, observation: Observation) -> bool:
    return observation.finished and ledger.has_succeeded(context.warehouse, str(observation.run))


def _record(context: TaskContext, run_id: RunId, lock: Lock) -> None:
    """Write the outcome record and the ledger's row; if that fails, give the lock back."""
    try:
        open_outcome(context.lake, run_id, lock.holder, datetime.now(UTC))
        ledger.open_run(
            context.warehouse,
            str(run_id),
            run_id.pipeline,
            run_id.business_date,
            lock.fence,
            lock.holder,
            accepts_drop=context.dag_run.params.accept_drop,
        )
    except Exception:
        RunLock(context.lake, run_id.pipeline).release(lock.holder)
        raise
