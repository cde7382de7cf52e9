"""From validated to published: is there anything to load, does the run pass its audit, publish, refresh."""

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
    """Whether there is anything to load: False when the star holds this very raw data, loaded by today's contracts.

    The ledger then records which run it is the same as. A run that is to rebuild always has something to load.

    Raises:
        lake.run_lock.LockLost: another run has taken over.
    """
    check_lock(context)
    standing = ledger.standing_run(context.warehouse, context.pipeline.name)
    if context.run["rebuild"] or standing is None:
        return True
    if not all(_is_loaded_by(context, entity, RunId.parse(standing)) for entity in context.pipeline.entities):
        return True
    log.info("the source is as run %s loaded it: nothing to load. Trigger with rebuild to load it again", standing)
    ledger.record_same(context.warehouse, context.run["run_id"], standing)
    return False


def audit(context: RunContext) -> Audited:
    """Write the counts of the lake into the ledger, then ask the quality rules.

    Raises:
        lake.run_lock.LockLost: another run has taken over.
        warehouse.quality.QualityGateFailed: the run is not good enough; the evidence is committed.
    """
    check_lock(context)
    run_id, redshift = context.run["run_id"], context.warehouse
    ledger.record_entities(redshift, run_id, context.pipeline.name, context.business_date, table_counts(context))
    if window_end := observed_to(context):
        ledger.record_window(redshift, run_id, window_end)
    result = quality.audit(redshift, run_id)
    log.info("quality score %.2f (gate %g); failing: %s", result.score, result.gate, list(map(str, result.failing)))
    return Audited(score=result.score, rules=len(result.results), failing=[rule.name for rule in result.failing])


def publish(context: RunContext) -> Published:
    """Publish the audited run in one transaction.

    Raises:
        warehouse.publish.PublishFailed: nothing was changed.
        lake.run_lock.LockLost: another run has taken over.
    """
    check_lock(context)
    run = context.run
    is_new = warehouse.publish.publish(context.warehouse, context.pipeline.name, run["run_id"], run["fence"])
    log.info("run %s %s", run["run_id"], "published" if is_new else "was published before")
    return Published(published=is_new)


def refresh(context: RunContext) -> list[str]:
    """Refresh every data product of the pipeline's star; returns their names."""
    return warehouse.refresh.refresh(context.warehouse, context.pipeline.name, context.run["run_id"])


def _is_loaded_by(context: RunContext, entity: str, other: RunId) -> bool:
    return is_curated_alike(context.lake, context.pipeline.source, entity, context.run_id, other)
