"""Closing a run: whatever happened, the ledger and the outcome record say so, and the lock is given back."""

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

log = logging.getLogger(__name__)


def close_run(context: RunContext) -> str:
    """Write ledger, outcome and metrics, and give the lock back. Returns how the run ended.

    Nothing is written when another run has taken the lock over: the ledger's row may be that run's by now. A lock that
    was given back is no hindrance: an earlier attempt may have failed after that.
    """
    run, lock = context.run, RunLock(context.lake, context.run["pipeline"])
    last = lock.current()
    if last is None or (last.holder, last.fence) != (run["holder"], run["fence"]):
        log.warning("another run has taken the lock over: nothing is written")
        return "not this run's any more"
    failed = context.orchestrator.failed_tasks()
    status: ledger.Status = "failed" if failed else "succeeded"
    task = failed[0] if failed else None
    error = f"failed: {', '.join(failed)}; see the task's log" if failed else None
    now, totals = datetime.now(UTC), dict[str, float]()
    with ExitStack() as always:  # whatever fails: the outcome is written, and last of all the lock given back
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
        totals |= ledger.totals_of(context.warehouse, run["run_id"])
        _put_metrics(context, totals, is_failed=bool(failed), at=now)
    return status


def _put_metrics(context: RunContext, totals: dict[str, float], *, is_failed: bool, at: datetime) -> None:
    values = {**totals, "succeeded_runs": float(not is_failed), "failed_runs": float(is_failed)}
    dimensions = {"Pipeline": context.run["pipeline"]}
    CloudWatch().put_metrics(resources.METRIC_NAMESPACE, values, dimensions=dimensions, at=at, unit="None")


def _requests(context: RunContext) -> int | None:
    """Requests that the run's extract made, from the manifest of any of its entities; None when it did not finish."""
    entity = context.pipeline.entities[0]
    try:
        return RawManifest.read(context.lake, context.pipeline.source, entity, context.run_id).requests
    except NotFound:
        return None
