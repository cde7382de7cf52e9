"""Validating one entity of a run, and recording its drift and why records were rejected."""

from __future__ import annotations

import logging

from lake import drift
from lake.curate import curate
from lake.manifests import CuratedManifest
from lake.report import TooManyRejects
from runs import ledger
from runs.context import RunContext
from runs.ledger import DriftRecord
from runs.lock import check_lock
from runs.rejects import record_rejects
from runs.results import RecordCounts

log = logging.getLogger(__name__)

_MOST_NAMED = 5


def validate(context: RunContext, entity: str) -> RecordCounts:
    """Validate one entity's raw records into the curated tables; record its drift and why records were rejected.

    Raises:
        lake.run_lock.LockLost: another run has taken over; no data was written.
        lake.report.TooManyRejects: too many records were rejected; the curated data is kept, and
            drift and reasons are recorded.
    """
    check_lock(context)
    try:
        manifest = curate(context.lake, context.pipeline.source, entity, context.run_id, rebuild=context.run["rebuild"])
    except TooManyRejects:  # in this case people need drift and reasons most
        _record_faults(context, entity)
        raise
    _record_faults(context, entity)
    counts = RecordCounts(
        raw=manifest.raw_records,
        curated=manifest.curated_records,
        quarantined=manifest.quarantined_records,
        duplicates=manifest.duplicate_records,
    )
    log.info("%s: %s", entity, counts)
    return counts


def _record_faults(context: RunContext, entity: str) -> None:
    """Record why an entity's records were rejected, and how they differ from the contract and the day before."""
    manifest = CuratedManifest.read(context.lake, context.pipeline.source, entity, context.business_date)
    rejected = manifest.report["quarantined_by_reason"]
    record_rejects(context.warehouse, context.run["run_id"], entity, rejected)
    records = [*_from_contract(manifest), *_from_day_before(context, manifest)]
    ledger.record_drift(context.warehouse, context.run["run_id"], entity, records)
    if records:
        examples = ", ".join(f"{record.kind} {record.field_path}" for record in records[:_MOST_NAMED])
        log.warning("%s: %d fields drift, such as %s; all are in etl.schema_drift", entity, len(records), examples)


def _from_contract(manifest: CuratedManifest) -> list[DriftRecord]:
    return [
        DriftRecord(
            path,
            kind,
            sighting["count"],
            sighting["example_uri"],
            sighting["example_index"],
            sighting.get("reason"),
        )
        for kind, fields in manifest.report["drift"].items()
        for path, sighting in fields.items()
    ]


def _from_day_before(context: RunContext, manifest: CuratedManifest) -> list[DriftRecord]:
    earlier = CuratedManifest.before(context.lake, manifest.source, manifest.entity, manifest.business_date)
    before = next(earlier, None)
    gone = drift.gone(manifest, before) if before else {}
    return [DriftRecord(name, drift.GONE, rows) for name, rows in gone.items()]
