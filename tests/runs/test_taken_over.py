"""A run whose lock was taken over while it slept writes no data: its steps check the lock before they begin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from aws_services.resources import TICKETMASTER
from lake.layout import RunId
from lake.manifests import CuratedManifest, RawManifest
from lake.run_lock import LockLost, RunLock
from lake.store import Lake
from runs import loading, validating
from runs.context import RunContext
from runs.run import LEASE, Run
from schemas.slices import SliceCounts
from tests.fixtures.task_context import task_context
from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import Day, stage
from warehouse.quality import audit

RUN = RunId(TICKETMASTER.name, date(2026, 11, 20))
HOLDER = "scheduled__1"


@pytest.fixture
def context(lake: Lake, redshift: DirectRedshift) -> RunContext:
    """A run with its lock, whose rows are staged and audited."""
    lock = RunLock(lake, RUN.pipeline).acquire(HOLDER, RUN, timedelta(minutes=1))
    run_id = stage(redshift, Day(RUN.business_date, [{"event_id": "E1", "venue_id": "V1"}], [{"venue_id": "V1"}]))
    audit(redshift, run_id)
    run = Run(
        run_id=run_id,
        pipeline=RUN.pipeline,
        source="ticketmaster",
        business_date=RUN.business_date.isoformat(),
        holder=HOLDER,
        fence=lock.fence,
        rebuild=False,
    )
    return task_context(TICKETMASTER, lake, redshift, dag_run_id=HOLDER).of_run(run)


@pytest.fixture
def taken_over(context: RunContext, lake: Lake) -> RunContext:
    """The same run, after another run took its lock and before that run counted anything."""
    RunLock(lake, RUN.pipeline).acquire("scheduled__2", RUN, LEASE, is_over=lambda holder: True)
    return context


def served(redshift: DirectRedshift) -> list[str]:
    return [row["event_id"] for row in redshift.execute("SELECT event_id FROM ticketmaster.fact_events")]


def test_the_holder_publishes_and_its_lease_begins_again(
    context: RunContext, redshift: DirectRedshift, lake: Lake
) -> None:
    before = datetime.now(UTC)
    assert loading.publish(context) == {"published": True}
    assert served(redshift) == ["E1"]
    lock = RunLock(lake, RUN.pipeline).current()
    assert lock is not None
    assert before + LEASE <= lock.expires_at <= datetime.now(UTC) + LEASE


def test_it_does_not_publish(taken_over: RunContext, redshift: DirectRedshift) -> None:
    with pytest.raises(LockLost, match="now held by scheduled__2"):
        loading.publish(taken_over)
    assert served(redshift) == []
    assert redshift.execute("SELECT run_id FROM etl.runs WHERE published_at IS NOT NULL") == []


@pytest.mark.parametrize(
    "step",
    [loading.audit, lambda context: validating.validate(context, "events"), loading.has_changed],
    ids=["audit", "validate", "has_changed"],
)
def test_it_neither_audits_nor_validates(
    taken_over: RunContext, redshift: DirectRedshift, step: Callable[[RunContext], object]
) -> None:
    ledger = "SELECT run_id, table_name, layer, recorded_at FROM etl.run_tables ORDER BY 1, 2, 3"
    results = "SELECT run_id, rule_name, checked_at FROM etl.data_quality_results ORDER BY 1, 2"
    before = redshift.execute(ledger), redshift.execute(results)
    with pytest.raises(LockLost, match="now held by scheduled__2"):
        step(taken_over)
    assert (redshift.execute(ledger), redshift.execute(results)) == before


def test_the_holder_audits_and_returns_the_score_and_what_failed(
    context: RunContext, redshift: DirectRedshift, lake: Lake
) -> None:
    now = datetime.now(UTC)
    counts = {"events": 1, "venues": 1}
    for entity in TICKETMASTER.entities:
        records = counts.get(entity, 0)
        slices = (SliceCounts(entity, "all", records, records),)
        RawManifest("ticketmaster", entity, str(RUN), now, now, (), slices).write(lake)
        CuratedManifest(
            "ticketmaster",
            entity,
            str(RUN),
            RUN.business_date,
            "0",
            "1",
            now,
            (),
            (),
            {entity: records},
            records,
            records,
            0,
            0,
        ).write(lake)
    result = loading.audit(context)
    rules = {row["rule_name"]: row["passed"] for row in redshift.execute("SELECT * FROM etl.data_quality_results")}
    assert result["rules"] == len(rules)
    assert result["failing"] == [rule for rule, passed in rules.items() if not passed]
    scores = redshift.execute("SELECT score FROM etl.quality_scores WHERE phase = 'staged'")
    assert [float(row["score"]) for row in scores] == [result["score"]]
