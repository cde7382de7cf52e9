"""The counts that the ledger reconciles: each one is that of the manifests, for entities and for derived tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from aws_services.resources import TICKETMASTER
from lake.layout import RunId
from lake.manifests import CuratedManifest, RawManifest
from lake.store import Lake
from runs.context import RunContext
from runs.ledger import TableCounts
from runs.reconciliation import observed_to, table_counts
from runs.run import Run
from schemas.slices import SliceCounts
from tests.fixtures.task_context import task_context

DAY = date(2026, 11, 20)
RUN = RunId(TICKETMASTER.name, DAY)
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
ENTITIES = TICKETMASTER.entities


def _raw(lake: Lake, entity: str, slices: tuple[SliceCounts, ...] = (), extra: Mapping[str, Any] | None = None) -> None:
    RawManifest(TICKETMASTER.source, entity, str(RUN), NOW, NOW, (), slices, extra=extra or {}).write(lake)


def _curated(lake: Lake, entity: str, tables: Mapping[str, int], counts: tuple[int, int, int, int]) -> None:
    raw, curated, quarantined, duplicate = counts
    CuratedManifest(
        source=TICKETMASTER.source,
        entity=entity,
        run_id=str(RUN),
        business_date=DAY,
        raw_digest="0",
        contract_version="1",
        finished_at=NOW,
        files=(),
        quarantine=(),
        tables=tables,
        raw_records=raw,
        curated_records=curated,
        quarantined_records=quarantined,
        duplicate_records=duplicate,
    ).write(lake)


@pytest.fixture
def context(lake: Lake) -> RunContext:
    """A run that has landed nothing yet."""
    run = Run(
        run_id=str(RUN),
        pipeline=RUN.pipeline,
        source=TICKETMASTER.source,
        business_date=DAY.isoformat(),
        holder="manual__1",
        fence=1,
        rebuild=False,
    )
    return task_context(TICKETMASTER, lake).of_run(run)


def test_each_count_of_an_entity_is_that_of_its_manifests(context: RunContext, lake: Lake) -> None:
    first, *others = ENTITIES
    slices = (SliceCounts(first, "a", 70, 66), SliceCounts(first, "b", 30, 30))
    _raw(lake, first, slices, {"distinct_records": {first: 93}})
    _curated(lake, first, {first: 90}, (100, 90, 3, 7))
    for entity in others:
        _raw(lake, entity)
        _curated(lake, entity, {entity: 0}, (0, 0, 0, 0))
    counts = {(table.table_name, table.layer): table for table in table_counts(context)}
    assert counts[first, "raw"] == TableCounts(
        table_name=first,
        said_records=100,
        got_records=96,
        raw_records=100,
        distinct_records=93,
        curated_records=90,
        quarantined_records=3,
        duplicate_records=7,
        residual_records=4,
    )
    assert set(counts) == {(entity, "raw") for entity in ENTITIES}


def test_rows_of_a_derived_table_are_added_up_over_the_entities(context: RunContext, lake: Lake) -> None:
    rows_by_entity = {entity: number for number, entity in enumerate(ENTITIES, start=1)}
    for entity, rows in rows_by_entity.items():
        _raw(lake, entity)
        _curated(lake, entity, {entity: 5, "shows": rows, ENTITIES[0]: 2}, (5, 5, 0, 0))
    derived = {table.table_name: table.derived_records for table in table_counts(context) if table.layer == "curated"}
    assert derived == {"shows": sum(rows_by_entity.values()), ENTITIES[0]: 2 * (len(ENTITIES) - 1)}


def test_a_derived_table_without_rows_is_counted(context: RunContext, lake: Lake) -> None:
    for entity in ENTITIES:
        _raw(lake, entity)
        _curated(lake, entity, {entity: 5, "shows": 0, ENTITIES[0]: 0}, (5, 5, 0, 0))
    derived = [(table.table_name, table.derived_records) for table in table_counts(context) if table.layer == "curated"]
    assert derived == [("shows", 0)]


@pytest.mark.parametrize("days", [{}, {"observed_to": "2026-12-31"}])
def test_the_window_ends_where_the_extract_says(context: RunContext, lake: Lake, days: dict[str, str]) -> None:
    for entity in ENTITIES:
        _raw(lake, entity, extra=days if entity == ENTITIES[-1] else {})
    assert observed_to(context) == (date(2026, 12, 31) if days else None)
