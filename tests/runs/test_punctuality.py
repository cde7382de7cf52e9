"""A scheduled run does nothing for an hour that has passed; a run that a person triggered always goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lake.layout import RunId
from lake.run_lock import Lock
from runs.dag_run import DagRun, RunParams
from runs.punctuality import is_due
from settings import Settings

HOUR = datetime(2026, 11, 30, 2, tzinfo=UTC)


def due(late: timedelta, run_type: str = "scheduled", clear_number: int = 0, last: Lock | None = None) -> bool:
    """Whether a run that was due at 02:00 has anything to do."""
    dag_run = DagRun(
        dag_id="ticketmaster_daily",
        run_id=f"{run_type}__1",
        run_type=run_type,
        params=RunParams(),
        run_after=HOUR,
        started_at=HOUR + late,
        clear_number=clear_number,
    )
    return is_due(dag_run, Settings(), last)


def test_a_scheduled_run_may_be_an_hour_late(caplog: pytest.LogCaptureFixture) -> None:
    """Replacing the scheduler at 02:00 costs no day; unpausing at 10:00 starts no run."""
    assert due(timedelta(seconds=2))
    assert due(timedelta(minutes=59))
    assert not due(timedelta(hours=8))
    assert "due at 2026-11-30 02:00 UTC and began at 2026-11-30 10:00 UTC" in caplog.text
    assert "trigger the DAG, or clear this run" in caplog.text


@pytest.mark.parametrize("run_type", ["manual", "backfill", "asset_triggered"])
def test_a_run_that_was_asked_for_is_always_due(run_type: str) -> None:
    assert due(timedelta(days=3), run_type)


def test_a_run_that_a_person_clears_is_due() -> None:
    assert due(timedelta(days=3), clear_number=1)


def test_a_run_that_waited_for_its_turn_is_due() -> None:
    until_five = Lock(
        pipeline="ticketmaster_daily",
        holder="manual__1",
        run_id=str(RunId("ticketmaster_daily", date(2026, 11, 30))),
        fence=1,
        acquired_at=HOUR - timedelta(hours=1),
        expires_at=HOUR + timedelta(hours=3),
        released_at=HOUR + timedelta(hours=2),
    )
    assert due(timedelta(hours=2, seconds=5), last=until_five)
    just_now = Lock(
        **{
            **{name: getattr(until_five, name) for name in Lock.__slots__},
            "acquired_at": HOUR + timedelta(hours=7),
            "released_at": HOUR + timedelta(hours=7, minutes=59),
        }
    )
    assert not due(timedelta(hours=8), last=just_now), "a backfill later that day is no reason"


def test_a_pretended_day_is_run_by_hand_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOXOFFICE_TODAY", "2026-11-20")
    assert not due(timedelta(seconds=2))
    assert due(timedelta(seconds=2), "manual")
