"""Two runs of a pipeline at once: one is refused and its error names the other; a superseded run can't change anything.

The days that these tests load again are finished: their raw, curated and staged data exist already, so that only the
steps that matter here are done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aws_services.redshift_data import RedshiftData
from lake.layout import RunId
from lake.run_lock import Lock, RunLock
from lake.store import encode_json
from runs.outcomes import RunOutcome
from tests.faults.attempts import Attempt
from tests.faults.conftest import DAY, Content, Runs
from tests.faults.world import World, leftovers
from warehouse.publish import PublishFailed, publish

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

RUN = RunId("ticketmaster_daily", datetime.fromisoformat(DAY).date())
DONE = ("extract", "crawl_raw", "crawl_curated", "build_star")
STEPS = (
    *(f"validate-{entity}" for entity in ("events", "venues", "attractions", "classifications")),
    *("load", "audit", "publish", "refresh"),
)


@pytest.fixture
def rebuild(runs: Runs, world: World, undisturbed: Content, request: pytest.FixtureRequest) -> Any:
    """A run that loads the finished day again: `rebuild("manual-a")`. After the test, a last run finishes it."""
    begun: list[Attempt] = []

    def begin(dag_run: str, **about: Any) -> Attempt:
        name = f"{request.node.name}-{dag_run}"
        begun.append(runs.new(name, dag_run=dag_run, params={"rebuild": True}, skip=DONE, **about))
        return begun[-1]

    yield begin
    ended = tuple(attempt.dag_run for attempt in begun)
    runs.to_the_end(begin("manual-last", ended=ended))
    assert world.served() == served(undisturbed)
    assert leftovers(world, begun[-1].folder / "tmp") == []


def held(world: World) -> Lock:
    """The lock as it is now."""
    lock = RunLock(world.lake, RUN.pipeline).current()
    assert lock is not None
    return lock


def test_a_second_run_is_refused_and_told_who_holds_the_lock_and_until_when(
    rebuild: Any, runs: Runs, world: World
) -> None:
    assert runs.once(rebuild("manual-a", until="open_run")) == 0
    before = held(world)

    second = rebuild("manual-b", until="open_run")
    assert runs.once(second) == 1

    assert (
        f"RunInProgress: pipeline ticketmaster_daily is being run by manual-a (run {RUN}) since "
        f"{before.acquired_at:%Y-%m-%d %H:%M:%S}Z" in second.log
    )
    assert f"until its lease expires at {before.expires_at:%Y-%m-%d %H:%M:%S}Z" in second.log
    assert held(world) == before


def test_a_run_that_airflow_knows_to_have_ended_is_followed_at_once(rebuild: Any, runs: Runs, world: World) -> None:
    assert runs.once(rebuild("manual-a", until="open_run")) == 0
    before = held(world)

    assert runs.once(rebuild("manual-b", until="open_run", ended=("manual-a",))) == 0

    now = held(world)
    assert (now.holder, now.fence) == ("manual-b", before.fence + 1)


def test_a_stale_lock_is_taken_over_and_what_its_holder_still_does_changes_nothing(
    rebuild: Any, runs: Runs, world: World, undisturbed: Content
) -> None:
    first = rebuild("manual-a", until="audit")
    assert runs.once(first) == 0, first.log
    stale = expire(world)
    assert runs.once(rebuild("manual-b", until="open_run")) == 0
    taken = held(world)
    assert (taken.holder, taken.fence) == ("manual-b", stale.fence + 1)

    # It sleeps no more: its next step is refused before it begins, and a step that was already past that, in Redshift.
    for task in ("validate-events", "audit", "publish"):
        again = replace(first, until=task, skip=(*DONE, *(other for other in STEPS if other != task)))
        again.forget(task)
        assert runs.once(again) == 1
        assert "LockLost: manual-a lost the lock of ticketmaster_daily, now held by manual-b" in again.log
    with pytest.raises(
        PublishFailed, match=rf"fence {stale.fence} of .* is out of date: {taken.fence} has opened a run"
    ):
        publish(RedshiftData(), RUN.pipeline, str(RUN), stale.fence)
    assert runs.once(replace(first, until="close_run", skip=(*DONE, *STEPS))) == 0

    assert held(world) == taken, "the lock is still the other's"
    outcome = RunOutcome.read(world.lake, RUN)
    assert outcome is not None
    assert (outcome.status, outcome.dag_run_id) == ("running", "manual-b")
    (run,) = world.redshift.execute("SELECT status, dag_run_id, fence FROM etl.runs")
    assert (run["status"], run["dag_run_id"], run["fence"]) == ("running", "manual-b", taken.fence)
    assert world.served() == served(undisturbed)


def served(content: Content) -> dict[str, Any]:
    """What readers see of it."""
    return {name: rows for name, rows in content.warehouse.items() if not name.startswith("etl.")}


def expire(world: World) -> Lock:
    """Let the lock's lease be over. Returns the lock as it was."""
    lock = held(world)
    over = replace(lock, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    world.lake.put(f"state/locks/{RUN.pipeline}.json", encode_json(over.as_dict()))
    return lock
