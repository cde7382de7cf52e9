"""What runs by itself: each DAG at its hour, and nothing for an hour that has passed."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.serialization.encoders import coerce_to_core_timetable
from airflow.timetables import trigger
from airflow.timetables.base import DagRunInfo, TimeRestriction

import dags
from dags import schedules
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
    dag_or_factory = runpy.run_path(str(Path(dags.__file__).with_name(f"{name}.py")))[name]
    return dag_or_factory if isinstance(dag_or_factory, DAG) else dag_or_factory()


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
