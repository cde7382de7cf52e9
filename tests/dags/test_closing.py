"""Closing a run: an attempt that failed half way is made good by the next, whoever has the lock is left alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from aws_services.errors import Throttled
from dags import steps
from lake.layout import RunId
from lake.run_lock import RunLock
from lake.store import Lake
from runs import ledger
from runs.outcomes import RunOutcome, open_outcome

RUN = RunId("ticketmaster_daily", date(2026, 11, 20))
WARNINGS: dict[str, list[Any]] = {"crawl_raw": ["the catalog is old"], "extract": [None], "validate": [None, None]}
CONTEXT = {
    "ti": SimpleNamespace(
        dag_id="d",
        run_id="manual__1",
        get_task_states=lambda **_: {"d": {}},
        task=SimpleNamespace(upstream_task_ids=set(WARNINGS)),
        xcom_pull=lambda *, task_ids, key: [warning for name in task_ids for warning in WARNINGS[name]],
    )
}


@pytest.fixture
def run(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> steps.Run:
    """A run that holds its lock, and a ledger that is throttled once."""
    answers = iter([Throttled("BatchExecuteStatement", "dev"), None, None])

    def close(*_: Any, **told: Any) -> None:
        if (told["warnings"]) != "crawl_raw: the catalog is old":
            pytest.fail(f"the warnings of the tasks are not kept: {told['warnings']}")
        if error := next(answers):
            raise error

    monkeypatch.setattr(steps, "lake", lambda: lake)
    monkeypatch.setattr(ledger, "close_run", close)
    monkeypatch.setattr(ledger, "totals_of", lambda *_: {"events": 1.0})
    held = RunLock(lake, RUN.pipeline).acquire("manual__1", RUN, steps.LEASE)
    open_outcome(lake, RUN, "manual__1", datetime.now(UTC))
    return steps.Run(
        run_id=str(RUN),
        pipeline=RUN.pipeline,
        source="ticketmaster",
        business_date="2026-11-20",
        holder="manual__1",
        fence=held.fence,
        rebuild=False,
    )


def test_an_attempt_that_failed_half_way_is_made_good_by_the_next(run: steps.Run, lake: Lake) -> None:
    with pytest.raises(Throttled):
        steps.close_run(run, CONTEXT)
    assert steps.close_run(run, CONTEXT) == "succeeded"
    outcome = RunOutcome.read(lake, RUN)
    assert outcome is not None
    assert (outcome.status, outcome.counts) == ("succeeded", {"events": 1.0})


def test_nothing_is_written_once_another_run_has_taken_over(run: steps.Run, lake: Lake) -> None:
    lock = RunLock(lake, RUN.pipeline)
    lock.acquire("manual__2", RUN, steps.LEASE, is_over=lambda holder: True)
    assert steps.close_run(run, CONTEXT) == "not this run's any more"
    current = lock.current()
    assert current is not None
    assert current.is_held_by("manual__2")
