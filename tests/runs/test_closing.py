"""Closing a run: the next attempt completes one that failed halfway, and leaves another holder of the lock alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from aws_services.errors import Throttled
from aws_services.resources import TICKETMASTER
from lake.landing import RawLanding
from lake.layout import RunId
from lake.run_lock import RunLock
from lake.store import Lake
from runs import ledger
from runs.closing import close_run
from runs.context import RunContext
from runs.dag_run import Step
from runs.outcomes import RunOutcome, open_outcome
from runs.run import LEASE, Run
from tests.fixtures.task_context import Answers, task_context
from tests.fixtures.warehouse import DirectRedshift

RUN = RunId(TICKETMASTER.name, date(2026, 11, 20))


@pytest.fixture
def context(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> RunContext:
    """A run that holds its lock, and a ledger that is throttled once."""
    answers = iter([Throttled("BatchExecuteStatement", "dev"), None, None])

    def close(*_: Any, **values: Any) -> None:
        if values["warnings"] != "crawl_raw: the catalog is old\ncrawl_curated: slow":
            pytest.fail(f"the warnings of the tasks are not kept: {values['warnings']}")
        if error := next(answers):
            raise error

    monkeypatch.setattr(ledger, "close_run", close)
    monkeypatch.setattr("runs.closing.record_steps", lambda *_: None)
    monkeypatch.setattr(ledger, "totals_of", lambda *_: {"events": 1.0})
    lock = RunLock(lake, RUN.pipeline).acquire("manual__1", RUN, LEASE)
    open_outcome(lake, RUN, "manual__1", datetime.now(UTC))
    run = Run(
        run_id=str(RUN),
        pipeline=RUN.pipeline,
        source="ticketmaster",
        business_date="2026-11-20",
        holder="manual__1",
        fence=lock.fence,
        rebuild=False,
    )
    warned = Answers(warned=["crawl_raw: the catalog is old", "crawl_curated: slow"])
    return task_context(TICKETMASTER, lake, answers=warned).of_run(run)


def test_an_attempt_that_failed_half_way_is_made_good_by_the_next(context: RunContext, lake: Lake) -> None:
    with pytest.raises(Throttled):
        close_run(context)
    assert close_run(context) == "succeeded"
    outcome = RunOutcome.read(lake, RUN)
    assert outcome is not None
    assert (outcome.status, outcome.counts) == ("succeeded", {"events": 1.0})


def test_nothing_is_written_once_another_run_has_taken_over(context: RunContext, lake: Lake) -> None:
    lock = RunLock(lake, RUN.pipeline)
    lock.acquire("manual__2", RUN, LEASE, is_over=lambda holder: True)
    assert close_run(context) == "not this run's any more"
    current = lock.current()
    assert current is not None
    assert current.is_held_by("manual__2")


def test_a_failed_run_says_what_failed_in_the_ledger_and_in_its_outcome(lake: Lake, redshift: DirectRedshift) -> None:
    lock = RunLock(lake, RUN.pipeline).acquire("manual__1", RUN, LEASE)
    RawLanding(lake, "ticketmaster", RUN, ["events"]).finish(requests=7)
    ledger.open_run(redshift, str(RUN), RUN.pipeline, RUN.business_date, lock.fence, "manual__1")  # type: ignore[arg-type]
    open_outcome(lake, RUN, "manual__1", datetime.now(UTC))
    run = Run(
        run_id=str(RUN),
        pipeline=RUN.pipeline,
        source="ticketmaster",
        business_date="2026-11-20",
        holder="manual__1",
        fence=lock.fence,
        rebuild=False,
    )
    answers = Answers(failed=["publish", "refresh"], ended_steps=[Step("extract", 1, 0, 2.5, 2.5)])
    failed = task_context(TICKETMASTER, lake, redshift, answers=answers)
    assert close_run(failed.of_run(run)) == "failed"
    (row,) = redshift.execute("SELECT status, failed_task, error, warnings, requests FROM etl.runs")
    error = "failed: publish, refresh; see the task's log"
    assert row == {"status": "failed", "failed_task": "publish", "error": error, "warnings": None, "requests": 7}
    steps = redshift.execute(
        "SELECT run_id, dag_run_id, step, CAST(work_seconds AS FLOAT) AS seconds FROM etl.run_steps"
    )
    assert steps == [{"run_id": str(RUN), "dag_run_id": "manual__1", "step": "extract", "seconds": 2.5}]
    outcome = RunOutcome.read(lake, RUN)
    assert outcome is not None
    assert (outcome.status, outcome.failed_task, outcome.error) == ("failed", "publish", error)
    assert RunLock(lake, RUN.pipeline).acquire("manual__2", RUN, LEASE).fence > lock.fence
