"""The counts by which a run reconciles, from the manifests of the lake: what the ledger gets of entities and tables."""

from __future__ import annotations

from datetime import date

from lake.manifests import CuratedManifest, RawManifest
from runs.context import RunContext
from runs.ledger import TableCounts


def table_counts(context: RunContext) -> list[TableCounts]:
    """The counts of every raw entity and every derived table of a run."""
    entities = context.pipeline.entities
    counts: list[TableCounts] = []
    derived: dict[str, int] = {}
    for entity in entities:
        raw = RawManifest.read(context.lake, context.pipeline.source, entity, context.run_id)
        curated = CuratedManifest.read(context.lake, context.pipeline.source, entity, context.business_date)
        counts.append(_entity_counts(raw, curated))
        for table, rows in curated.tables.items():
            if table != entity:
                derived[table] = derived.get(table, 0) + rows
    counts += [
        TableCounts(table_name=table, layer="curated", derived_records=rows)
        for table, rows in sorted(derived.items())
        if rows or table not in entities  # the table of an entity, which no other entity adds rows to, is counted above
    ]
    return counts


def observed_to(context: RunContext) -> date | None:
    """The day on which the window of the run's observation ends, exclusive; None when it has none."""
    for entity in context.pipeline.entities:
        manifest = RawManifest.read(context.lake, context.pipeline.source, entity, context.run_id)
        if end := manifest.extra.get("observed_to"):
            return date.fromisoformat(end)
    return None


def _entity_counts(raw: RawManifest, curated: CuratedManifest) -> TableCounts:
    return TableCounts(
        table_name=raw.entity,
        said_records=raw.reported,
        got_records=raw.fetched,
        distinct_records=raw.extra.get("distinct_records", {}).get(raw.entity),
        raw_records=curated.raw_records,
        curated_records=curated.curated_records,
        quarantined_records=curated.quarantined_records,
        duplicate_records=curated.duplicate_records,
        residual_records=raw.residual,
    )
