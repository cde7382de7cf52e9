"""What runs by itself: each DAG at its hour, and nothing for an hour that has passed."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.serialization.encoders import coerce_to_core_timetable
from airflow.timetables import trigger
from airflow.timetables.base import DagRunInfo, TimeRestriction

import dags
from dags import schedules
from lake.layout import RunId
from lake.run_lock import Lock
from settings import get_settings

SCHEDULES = {
    "ticketmaster_daily": ("TICKETMASTER_SCHEDULE", "0 2 * * *"),
    "tickit_load": ("TICKIT_SCHEDULE", "0 3 * * *"),
    "warehouse_maintenance": ("BOXOFFICE_MAINTENANCE_SCHEDULE", "0 8 * * 0"),
}
HOUR = datetime(2026, 11, 30, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh_settings() -> Iterator[None]:
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def dag_of(name: str) -> Any:
    """A DAG as its file makes it now."""
    made = runpy.run_path(str(Path(dags.__file__).with_name(f"{name}.py")))[name]
    return made if isinstance(made, DAG) else made()


@pytest.mark.parametrize(("name", "variable", "cron"), [(name, *schedule) for name, schedule in SCHEDULES.items()])
def test_a_dag_runs_at_its_hour_or_when_the_setting_says(
    name: str, variable: str, cron: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dag_of(name).timetable.expression == cron
    get_settings.cache_clear()
    monkeypatch.setenv(variable, "30 14 * * 1-5")
    assert dag_of(name).timetable.expression == "30 14 * * 1-5"


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_dag_asks_first_whether_it_is_due(name: str) -> None:
    (first,) = dag_of(name).roots
    assert first.task_id in ("open_run", "is_due")


@pytest.mark.parametrize(
    ("now", "first_run"),
    [
        (HOUR - timedelta(minutes=1), HOUR),
        (HOUR + timedelta(seconds=15), HOUR),  # the file is read before the scheduler has made the run
        (HOUR + timedelta(hours=8), HOUR + timedelta(days=1)),
    ],
)
def test_a_dag_that_is_deployed_runs_at_its_next_hour(
    now: datetime, first_run: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trigger, "utcnow", lambda: now)
    timetable = coerce_to_core_timetable(schedules.at("0 2 * * *", None))
    run = timetable.next_dagrun_info(
        last_automated_data_interval=None, restriction=TimeRestriction(earliest=None, latest=None, catchup=False)
    )
    assert isinstance(run, DagRunInfo)
    assert run.run_after == first_run


def begun(late: timedelta, run_type: str = "scheduled", clear_number: int = 0) -> dict[str, Any]:
    """The context of a run that was due at 02:00."""
    run = SimpleNamespace(run_type=run_type, clear_number=clear_number, run_after=HOUR, start_date=HOUR + late)
    return {"dag_run": run}


def test_a_scheduled_run_may_be_an_hour_late(caplog: pytest.LogCaptureFixture) -> None:
    """A scheduler that is replaced at 02:00 costs no day; unpausing at 10:00 starts nothing."""
    assert schedules.is_due(begun(timedelta(seconds=2)))
    assert schedules.is_due(begun(timedelta(minutes=59)))
    assert not schedules.is_due(begun(timedelta(hours=8)))
    assert "due at 2026-11-30 02:00 UTC and began at 2026-11-30 10:00 UTC" in caplog.text
    assert "trigger the DAG, or clear this run" in caplog.text


@pytest.mark.parametrize("run_type", ["manual", "backfill", "asset_triggered"])
def test_a_run_that_was_asked_for_is_always_due(run_type: str) -> None:
    assert schedules.is_due(begun(timedelta(days=3), run_type))


def test_a_run_that_a_person_clears_is_due() -> None:
    assert schedules.is_due(begun(timedelta(days=3), clear_number=1))


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
    assert schedules.is_due(begun(timedelta(hours=2, seconds=5)), until_five)
    just_now = Lock(
        **{
            **{name: getattr(until_five, name) for name in Lock.__slots__},
            "acquired_at": HOUR + timedelta(hours=7),
            "released_at": HOUR + timedelta(hours=7, minutes=59),
        }
    )
    assert not schedules.is_due(begun(timedelta(hours=8)), just_now), "a backfill later that day is no reason"


def test_a_pretended_day_is_run_by_hand_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOXOFFICE_TODAY", "2026-11-20")
    assert not schedules.is_due(begun(timedelta(seconds=2)))
    assert schedules.is_due(begun(timedelta(seconds=2), "manual"))
