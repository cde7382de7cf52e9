"""Closing a run: record its result in the ledger and the outcome record, and release the lock, even after a failure."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from datetime import UTC, datetime

from aws_services import resources
from aws_services.cloudwatch import CloudWatch
from aws_services.errors import NotFound
from lake.manifests import RawManifest
from lake.run_lock import RunLock
from runs import ledger
from runs.context import RunContext
from runs.outcomes import close_outcome
from runs.steps import record_steps

log = logging.getLogger(__name__)


def close_run(context: RunContext) -> str:
    """Write ledger, outcome and metrics, and release the lock. Returns how the run ended.

    If another run has taken over the lock, this function only logs it: the ledger's row may be that run's by now. A
    released lock doesn't matter: an earlier attempt may have failed after the release.
    """
    run = context.run
    lock = RunLock(context.lake, context.run["pipeline"])
    last = lock.current()
    if last is None or (last.holder, last.fence) != (run["holder"], run["fence"]):
        log.warning("another run has taken over the lock: no results are written")
        return "not this run's any more"
    failed = context.orchestrator.failed_tasks()
    status: ledger.Status = "failed" if failed else "succeeded"
    task = failed[0] if failed else None
    error = f"failed: {', '.join(failed)}; see the task's log" if failed else None
    now = datetime.now(UTC)
    totals = dict[str, float]()
    with ExitStack() as always:  # even after an error: write the outcome, and finally release the lock
        always.callback(lock.release, run["holder"])
        always.callback(
            close_outcome, context.lake, context.run_id, status, now, failed_task=task, error=error, counts=totals
        )
        ledger.close_run(
            context.warehouse,
            run["run_id"],
            status,
            requests=_requests(context),
            failed_task=task,
            error=error,
            warnings="\n".join(context.orchestrator.warnings()) or None,
        )
        record_steps(context.warehouse, run["run_id"], context.dag_run.run_id, context.orchestrator.steps())
        totals |= ledger.totals_of(context.warehouse, run["run_id"])
        _put_metrics(context, totals, is_failed=bool(failed), at=now)
    return status


def _put_metrics(context: RunContext, totals: dict[str, float], *, is_failed: bool, at: datetime) -> None:
    values = {**totals, "succeeded_runs": float(not is_failed), "failed_runs": float(is_failed)}
    dimensions = {"Pipeline": context.run["pipeline"]}
    CloudWatch().put_metrics(resources.METRIC_NAMESPACE, values, dimensions=dimensions, at=at, unit="None")


def _requests(context: RunContext) -> int | None:
    """The number of requests of the run's extract, from the manifest of an entity; None if it did not finish."""
    entity = context.pipeline.entities[0]
    try:
        return RawManifest.read(context.lake, context.pipeline.source, entity, context.run_id).requests
    except NotFound:
        return None
