"""The outcome record of a run."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lake.layout import RunId
from lake.store import Lake
from runs.outcomes import RunOutcome, open_outcome


def run() -> RunId:
    return RunId("ticketmaster_daily", date(2026, 11, 20))


def test_who_opened_an_observation_first_is_remembered(lake: Lake) -> None:
    now = datetime(2026, 11, 20, 2, tzinfo=UTC)
    open_outcome(lake, run(), "scheduled-1", now)
    outcome = open_outcome(lake, run(), "manual-2", now)
    assert (outcome.opened_by, outcome.dag_run_id) == ("scheduled-1", "manual-2")
    assert RunOutcome.read(lake, run()) == outcome
