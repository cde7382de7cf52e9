"""A run whose lock was taken over while it slept writes nothing: its steps ask for the lock before they begin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dags import steps
from lake.layout import RunId
from lake.run_lock import LockLost, RunLock
from lake.store import Lake
from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.days import Day, stage
from warehouse.quality import audit

RUN = RunId("ticketmaster_daily", date(2026, 11, 20))
HOLDER = "scheduled__1"


@pytest.fixture
def run(lake: Lake, redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch) -> steps.Run:
    """A run with its lock, whose rows are staged and audited."""
    monkeypatch.setattr(steps, "lake", lambda: lake)
    monkeypatch.setattr("aws_services.redshift_data.RedshiftData", lambda: redshift)
    lock = RunLock(lake, RUN.pipeline).acquire(HOLDER, RUN, timedelta(minutes=1))
    run_id = stage(redshift, Day(RUN.business_date, [{"event_id": "E1", "venue_id": "V1"}], [{"venue_id": "V1"}]))
    audit(redshift, run_id)
    return steps.Run(
        run_id=run_id,
        pipeline=RUN.pipeline,
        source="ticketmaster",
        business_date=RUN.business_date.isoformat(),
        holder=HOLDER,
        fence=lock.fence,
        rebuild=False,
    )


@pytest.fixture
def taken_over(run: steps.Run, lake: Lake) -> steps.Run:
    """The same run, after another has taken its lock and not opened its own books yet."""
    RunLock(lake, RUN.pipeline).acquire("scheduled__2", RUN, steps.LEASE, is_over=lambda holder: True)
    return run


def served(redshift: DirectRedshift) -> list[str]:
    return [row["event_id"] for row in redshift.execute("SELECT event_id FROM ticketmaster.fact_events")]


def test_the_holder_publishes_and_its_lease_begins_again(run: steps.Run, redshift: DirectRedshift, lake: Lake) -> None:
    before = datetime.now(UTC)
    assert steps.publish(run) == {"published": True}
    assert served(redshift) == ["E1"]
    lock = RunLock(lake, RUN.pipeline).current()
    assert lock is not None
    assert before + steps.LEASE <= lock.expires_at <= datetime.now(UTC) + steps.LEASE


def test_it_does_not_publish(taken_over: steps.Run, redshift: DirectRedshift) -> None:
    with pytest.raises(LockLost, match="now held by scheduled__2"):
        steps.publish(taken_over)
    assert served(redshift) == []
    assert redshift.execute("SELECT run_id FROM etl.runs WHERE published_at IS NOT NULL") == []


@pytest.mark.parametrize(
    "step",
    [
        lambda run: steps.audit(run, ["events"]),
        lambda run: steps.validate(run, "events"),
        lambda run: steps.has_changed(run, ["events"]),
    ],
    ids=["audit", "validate", "has_changed"],
)
def test_it_neither_audits_nor_validates(
    taken_over: steps.Run, redshift: DirectRedshift, step: Callable[[steps.Run], Any]
) -> None:
    ledger = "SELECT run_id, table_name, layer, recorded_at FROM etl.run_tables ORDER BY 1, 2, 3"
    results = "SELECT run_id, rule_name, checked_at FROM etl.data_quality_results ORDER BY 1, 2"
    before = redshift.execute(ledger), redshift.execute(results)
    with pytest.raises(LockLost, match="now held by scheduled__2"):
        step(taken_over)
    assert (redshift.execute(ledger), redshift.execute(results)) == before
