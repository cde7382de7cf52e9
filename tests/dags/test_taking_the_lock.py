"""A run that finds its pipeline busy: a person is told, the others wait for their turn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowRescheduleException

from dags import steps
from lake.layout import RunId
from lake.run_lock import RunInProgress, RunLock
from lake.store import Lake

RUN = RunId("ticketmaster_daily", date(2026, 11, 20))


@pytest.fixture
def lock(lake: Lake) -> RunLock:
    """The pipeline's lock, which another run holds."""
    held = RunLock(lake, RUN.pipeline)
    held.acquire("scheduled__1", RUN, steps.LEASE)
    return held


def take(lock: RunLock, run_type: str) -> str:
    dag_run = SimpleNamespace(run_id=f"{run_type}__2", run_type=run_type)
    return steps._take(partial(lock.acquire, dag_run.run_id, RUN, steps.LEASE), dag_run).holder


def test_a_person_is_told_who_is_at_work(lock: RunLock) -> None:
    with pytest.raises(RunInProgress, match="is being run by scheduled__1"):
        take(lock, "manual")


@pytest.mark.parametrize("run_type", ["backfill", "scheduled"])
def test_a_run_that_nobody_started_by_hand_comes_back_until_it_is_free(lock: RunLock, run_type: str) -> None:
    now = datetime.now(UTC)
    with pytest.raises(AirflowRescheduleException) as later:
        take(lock, run_type)
    assert now < later.value.reschedule_date <= now + timedelta(minutes=1)

    lock.release("scheduled__1")
    assert take(lock, run_type) == f"{run_type}__2"
