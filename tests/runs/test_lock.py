"""A run whose pipeline is busy: a manual run fails with a message, the others wait for their turn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from aws_services.resources import TICKETMASTER
from lake.layout import RunId
from lake.run_lock import RunInProgress, RunLock
from lake.store import Lake
from runs.lock import PipelineIsBusy, take_lock
from runs.run import LEASE
from tests.fixtures.task_context import Answers, task_context

RUN = RunId(TICKETMASTER.name, date(2026, 11, 20))


@pytest.fixture
def lock(lake: Lake) -> RunLock:
    """The pipeline's lock, which another run holds."""
    lock = RunLock(lake, RUN.pipeline)
    lock.acquire("scheduled__1", RUN, LEASE)
    return lock


def take(lake: Lake, run_type: str, answers: Answers | None = None) -> str:
    context = task_context(TICKETMASTER, lake, dag_run_id=f"{run_type}__2", run_type=run_type, answers=answers)
    return take_lock(context, RUN).holder


def test_a_person_is_told_who_is_at_work(lake: Lake, lock: RunLock) -> None:
    with pytest.raises(RunInProgress, match="is being run by scheduled__1"):
        take(lake, "manual")


@pytest.mark.parametrize("run_type", ["backfill", "scheduled"])
def test_a_run_that_nobody_started_by_hand_comes_back_until_it_is_free(
    lake: Lake, lock: RunLock, run_type: str
) -> None:
    now = datetime.now(UTC)
    with pytest.raises(PipelineIsBusy) as busy:
        take(lake, run_type)
    assert now < busy.value.again_at <= now + timedelta(minutes=1)

    lock.release("scheduled__1")
    assert take(lake, run_type) == f"{run_type}__2"


def test_the_lock_of_a_run_that_airflow_knows_to_have_ended_is_taken_over(lake: Lake, lock: RunLock) -> None:
    assert take(lake, "manual", Answers(ended=["scheduled__1"])) == "manual__2"
