"""A run whose process was killed doesn't stay unfinished forever."""

from __future__ import annotations

from datetime import date

from lake.layout import RunId
from lake.run_lock import RunLock
from lake.store import Lake
from runs import abandoned, ledger
from runs.run import LEASE
from tests.fixtures.warehouse import DirectRedshift

PIPELINE, DAY = "ticketmaster_daily", date(2026, 3, 2)


def opened(redshift: DirectRedshift, number: int) -> str:
    run_id = f"{PIPELINE}-2026-03-{number:02}"
    ledger.open_run(redshift, run_id, PIPELINE, DAY, fence=number)
    return run_id


def test_a_run_that_was_killed_is_closed_as_failed(redshift: DirectRedshift) -> None:
    killed, reopened = opened(redshift, 1), opened(redshift, 2)
    ledger.close_run(redshift, opened(redshift, 3), "succeeded")
    under_way = abandoned.runs_under_way(redshift)
    assert under_way == {killed: 1, reopened: 2}
    ledger.open_run(redshift, reopened, PIPELINE, DAY, fence=9)
    abandoned.record_failed(redshift, under_way)
    rows = redshift.execute("SELECT run_id, status, error FROM etl.runs ORDER BY run_id")
    assert [row["status"] for row in rows] == ["failed", "running", "succeeded"]
    assert "abandoned" in rows[0]["error"]


def test_a_run_that_holds_its_lock_goes_on(redshift: DirectRedshift, lake: Lake) -> None:
    killed, going_on = opened(redshift, 1), opened(redshift, 2)
    RunLock(lake, PIPELINE).acquire("manual__2", RunId.parse(going_on), LEASE)
    assert abandoned.close_abandoned(redshift, lake, dry_run=True) == [killed]
    assert abandoned.runs_under_way(redshift) == {killed: 1, going_on: 2}
    assert abandoned.close_abandoned(redshift, lake) == [killed]
    assert abandoned.runs_under_way(redshift) == {going_on: 2}
