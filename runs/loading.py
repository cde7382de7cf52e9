"""Loading validated data: check whether it changed, audit, publish, refresh."""

from __future__ import annotations

import logging

import warehouse.publish
import warehouse.refresh
from lake.curate import is_curated_alike
from lake.layout import RunId
from runs import ledger
from runs.context import RunContext
from runs.lock import check_lock
from runs.reconciliation import observed_to, table_counts
from runs.results import Audited, Published
from warehouse import quality

log = logging.getLogger(__name__)


def has_changed(context: RunContext) -> bool:
    """Whether there is data to load: False if the star already has this raw data, loaded by the current contracts.

    The ledger then records the run with the same data. A rebuild always loads its data.

    Raises:
        lake.run_lock.LockLost: another run has taken over.
    """
    check_lock(context)
    standing = ledger.standing_run(context.warehouse, context.pipeline.name)
    if context.run["rebuild"] or standing is None:
        return True
    if not all(_is_loaded_by(context, entity, RunId.parse(standing)) for entity in context.pipeline.entities):
        return True
    log.info(
        "the source is unchanged since run %s: there is nothing to load. Trigger with rebuild to load it again",
        standing,
    )
    ledger.record_same(context.warehouse, context.run["run_id"], standing)
    return False


def audit(context: RunContext) -> Audited:
    """Write the counts of the lake into the ledger, then run the quality rules.

    Raises:
        lake.run_lock.LockLost: another run has taken over.
        warehouse.quality.QualityGateFailed: the run's score is below the gate; the results are committed.
    """
    check_lock(context)
    run_id = context.run["run_id"]
    redshift = context.warehouse
    ledger.record_entities(redshift, run_id, context.pipeline.name, context.business_date, table_counts(context))
    if window_end := observed_to(context):
        ledger.record_window(redshift, run_id, window_end)
    result = quality.audit(redshift, run_id)
    log.info("quality score %.2f (gate %g); failing: %s", result.score, result.gate, list(map(str, result.failing)))
    return Audited(score=result.score, rules=len(result.results), failing=[rule.name for rule in result.failing])


def publish(context: RunContext) -> Published:
    """Publish the audited run in one transaction.

    Raises:
        warehouse.publish.PublishFailed: the star is unchanged.
        lake.run_lock.LockLost: another run has taken over.
    """
    check_lock(context)
    run = context.run
    is_new = warehouse.publish.publish(context.warehouse, context.pipeline.name, run["run_id"], run["fence"])
    log.info("run %s %s", run["run_id"], "published" if is_new else "was already published")
    return Published(published=is_new)


def refresh(context: RunContext) -> list[str]:
    """Refresh every data product of the pipeline's star; returns their names."""
    return warehouse.refresh.refresh(context.warehouse, context.pipeline.name, context.run["run_id"])


def _is_loaded_by(context: RunContext, entity: str, other: RunId) -> bool:
    return is_curated_alike(context.lake, context.pipeline.source, entity, context.run_id, other)
