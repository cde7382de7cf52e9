"""Validating an entity: the run gets its counts, and the ledger its drift, above all if too many are rejected."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aws_services.resources import TICKETMASTER
from lake.layout import RunId
from lake.report import TooManyRejects
from lake.run_lock import RunLock
from lake.store import Lake
from runs.context import RunContext
from runs.run import LEASE, Run
from runs.validating import validate
from tests.fixtures.task_context import task_context
from tests.fixtures.warehouse import DirectRedshift
from tests.lake.test_curate import RUN, curated, event, land, page, writes


def context(lake: Lake, redshift: DirectRedshift, *, rebuild: bool = False) -> RunContext:
    """A run that holds its lock."""
    lock = RunLock(lake, RUN.pipeline).acquire("manual__1", RUN, LEASE)
    run = Run(
        run_id=str(RUN),
        pipeline=RUN.pipeline,
        source="ticketmaster",
        business_date=RUN.business_date.isoformat(),
        holder="manual__1",
        fence=lock.fence,
        rebuild=rebuild,
    )
    return task_context(TICKETMASTER, lake, redshift).of_run(run)


def rejects(redshift: DirectRedshift) -> dict[str, int]:
    rows = redshift.execute("SELECT reason, quarantined_records FROM etl.rejects")
    return {row["reason"]: row["quarantined_records"] for row in rows}


def drifted(redshift: DirectRedshift) -> set[str]:
    return {row["field_path"] for row in redshift.execute("SELECT field_path FROM etl.schema_drift")}


def test_its_counts_are_returned_and_its_drift_is_in_the_ledger(lake: Lake, redshift: DirectRedshift) -> None:
    events = [*map(event, range(9)), event(9, surprise=True), event(8)]
    land(lake, {"p0": page(events)})
    counts = validate(context(lake, redshift), "events")
    assert counts == {"raw": 11, "curated": 10, "quarantined": 0, "duplicates": 1}
    assert "$.surprise" in drifted(redshift)


def test_what_the_day_before_had_and_today_has_not_is_drift(lake: Lake, redshift: DirectRedshift) -> None:
    earlier = RunId(RUN.pipeline, RUN.business_date - timedelta(days=1))
    land(lake, {"p0": page(event(number, info="Doors at seven") for number in range(5))}, earlier)
    curated(lake, earlier)
    land(lake, {"p0": page(map(event, range(5)))})
    validate(context(lake, redshift), "events")
    gone = redshift.execute("SELECT field_path, occurrences FROM etl.schema_drift WHERE kind = 'gone'")
    assert [tuple(row.values()) for row in gone] == [("events.info", 5)]


def test_the_drift_is_recorded_when_too_much_is_rejected(lake: Lake, redshift: DirectRedshift) -> None:
    land(lake, {"p0": page({"type": "event", "name": "No id", "surprise": 1} for _ in range(200))})
    with pytest.raises(TooManyRejects):
        validate(context(lake, redshift), "events")
    assert drifted(redshift)
    assert sum(rejects(redshift).values()) == 200


def test_why_records_were_rejected_is_in_the_ledger_once(lake: Lake, redshift: DirectRedshift) -> None:
    land(lake, {"p0": page([*map(event, range(99)), {"type": "event", "name": "No id"}])})
    counts = validate(context(lake, redshift), "events")
    assert counts["quarantined"] == 1
    assert rejects(redshift) == {"missing at $.id": 1}
    validate(context(lake, redshift, rebuild=True), "events")
    assert rejects(redshift) == {"missing at $.id": 1}


def test_what_is_validated_is_left_as_it_is_unless_the_run_rebuilds(lake: Lake, redshift: DirectRedshift) -> None:
    land(lake, {"p0": page(map(event, range(5)))})
    validate(context(lake, redshift), "events")
    again, rebuilding = context(lake, redshift), context(lake, redshift, rebuild=True)
    seen = writes(lake)
    validate(again, "events")
    assert not [key for key in seen if "curated/" in key]
    validate(rebuilding, "events")
    assert [key for key in seen if "curated/" in key]
