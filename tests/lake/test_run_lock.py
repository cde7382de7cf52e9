"""Only one run of a pipeline works at a time, whoever asks for the lock, and the fence only grows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aws_services.errors import NoSuchBucket
from aws_services.s3 import S3
from lake import layout
from lake.layout import RunId
from lake.run_lock import LockLost, RunInProgress, RunLock
from lake.store import CorruptObject, Lake

RUN = RunId("ticketmaster_daily", date(2026, 11, 20))
LEASE = timedelta(hours=4)


class Clock:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 20, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lock(lake: Lake, clock: Clock) -> RunLock:
    return RunLock(lake, RUN.pipeline, now=clock)


def test_the_first_run_gets_it(lock: RunLock, clock: Clock) -> None:
    acquired_lock = lock.acquire("manual-1", RUN, LEASE)
    assert (acquired_lock.holder, acquired_lock.fence, acquired_lock.run_id) == ("manual-1", 1, str(RUN))
    assert (acquired_lock.acquired_at, acquired_lock.expires_at) == (clock.time, clock.time + LEASE)
    assert lock.current() == acquired_lock


def test_a_second_run_is_told_who_holds_it_and_until_when(lock: RunLock, clock: Clock) -> None:
    lock.acquire("scheduled-1", RUN, LEASE)
    clock.time += timedelta(hours=1)
    with pytest.raises(RunInProgress) as refused:
        lock.acquire("manual-2", RUN, LEASE)
    text = str(refused.value)
    assert "scheduled-1" in text
    assert "2026-11-20 02:00:00Z" in text
    assert "2026-11-20 06:00:00Z" in text
    assert refused.value.lock.holder == "scheduled-1"


def test_the_same_dag_run_resumes_with_its_number_and_a_new_lease(lock: RunLock, clock: Clock) -> None:
    first = lock.acquire("scheduled-1", RUN, LEASE)
    clock.time += timedelta(hours=3)
    second = lock.acquire("scheduled-1", RUN, LEASE)
    assert second.fence == first.fence
    assert second.acquired_at == first.acquired_at
    assert second.expires_at == clock.time + LEASE


def test_the_same_dag_run_resumes_also_after_its_lease(lock: RunLock, clock: Clock) -> None:
    first = lock.acquire("scheduled-1", RUN, LEASE)
    clock.time += LEASE * 2
    assert lock.acquire("scheduled-1", RUN, LEASE).fence == first.fence


def test_an_expired_lock_is_taken_over_with_a_higher_number(lock: RunLock, clock: Clock) -> None:
    first = lock.acquire("scheduled-1", RUN, LEASE)
    clock.time += LEASE
    second = lock.acquire("manual-2", RUN, LEASE)
    assert second.fence == first.fence + 1
    with pytest.raises(LockLost, match=r"scheduled-1.*held by manual-2.*can't publish"):
        lock.check(first.holder, first.fence)
    lock.check(second.holder, second.fence)
    with pytest.raises(RunInProgress):
        lock.acquire("scheduled-1", RUN, LEASE)


def test_the_lock_of_a_run_known_to_have_ended_is_taken_over_within_its_lease(lock: RunLock, clock: Clock) -> None:
    first = lock.acquire("scheduled-1", RUN, LEASE)
    checked_holders: list[str] = []

    def is_over(holder: str) -> bool:
        checked_holders.append(holder)
        return holder == "scheduled-1"

    second = lock.acquire("manual-2", RUN, LEASE, is_over=is_over)
    assert (second.holder, second.fence) == ("manual-2", first.fence + 1)
    with pytest.raises(RunInProgress):
        lock.acquire("manual-3", RUN, LEASE, is_over=is_over)
    with pytest.raises(LockLost):
        lock.check(first.holder, first.fence)
    assert not lock.release("scheduled-1")
    assert checked_holders == ["scheduled-1", "manual-2"]


def test_a_release_keeps_the_number(lock: RunLock, clock: Clock) -> None:
    first = lock.acquire("scheduled-1", RUN, LEASE)
    assert lock.release("scheduled-1")
    with pytest.raises(LockLost, match="held by no run"):
        lock.check(first.holder, first.fence)
    assert lock.acquire("scheduled-2", RUN, LEASE).fence == first.fence + 1


def test_releasing_what_another_run_holds_changes_nothing(lock: RunLock, clock: Clock) -> None:
    lock.acquire("scheduled-1", RUN, LEASE)
    clock.time += LEASE
    second = lock.acquire("manual-2", RUN, LEASE)
    assert not lock.release("scheduled-1")
    assert lock.current() == second
    assert lock.release("manual-2")
    assert not lock.release("manual-2")


def test_releasing_what_was_never_held_is_harmless(lock: RunLock) -> None:
    assert not lock.release("scheduled-1")
    assert lock.current() is None


def test_pipelines_do_not_know_each_other(lake: Lake, clock: Clock, lock: RunLock) -> None:
    lock.acquire("scheduled-1", RUN, LEASE)
    other = RunId("festival_daily", RUN.business_date)
    assert RunLock(lake, "festival_daily", now=clock).acquire("scheduled-9", other, LEASE).fence == 1


def test_a_lock_that_cannot_be_read_stops_the_run(lake: Lake, lock: RunLock) -> None:
    lake.put(layout.lock_key(RUN.pipeline), b"{}")
    with pytest.raises(CorruptObject, match="is not a run lock"):
        lock.acquire("scheduled-1", RUN, LEASE)


def test_a_missing_bucket_is_an_error_and_not_a_free_lock(lake: Lake, clock: Clock) -> None:
    with pytest.raises(NoSuchBucket, match="boxoffice up"):
        RunLock(Lake(lake.s3, "elsewhere"), RUN.pipeline, now=clock).acquire("scheduled-1", RUN, LEASE)


class Serialised:
    """S3's promise that conditional writes are atomic, which moto's memory does not keep between threads."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._mutex = threading.Lock()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = getattr(self._client, name)

        def call(**request: Any) -> Any:
            with self._mutex:
                return operation(**request)

        return call


def contend(lake: Lake, clock: Clock, holders: list[str]) -> list[str]:
    """Let all acquire the lock at the same moment. Returns who got it."""
    start = threading.Barrier(len(holders))

    def ask(holder: str) -> str | None:
        start.wait(timeout=30)
        try:
            return RunLock(lake, RUN.pipeline, now=clock).acquire(holder, RUN, LEASE).holder
        except RunInProgress:
            return None

    with ThreadPoolExecutor(len(holders)) as pool:
        return [winner for winner in pool.map(ask, holders) if winner]


@pytest.mark.parametrize("state", ["new", "released", "expired"])
def test_of_many_at_once_exactly_one_gets_it(lake: Lake, clock: Clock, state: str) -> None:
    shared = Lake(S3(Serialised(lake.s3._client)), lake.bucket)
    lock = RunLock(shared, RUN.pipeline, now=clock)
    if state != "new":
        lock.acquire("earlier", RUN, LEASE)
    if state == "released":
        lock.release("earlier")
    if state == "expired":
        clock.time += LEASE
    winners = contend(shared, clock, [f"manual-{number}" for number in range(12)])
    assert len(winners) == 1
    current_lock = lock.current()
    assert current_lock is not None
    assert (current_lock.holder, current_lock.fence) == (winners[0], 1 if state == "new" else 2)


STEPS = st.lists(
    st.tuples(st.sampled_from(["acquire", "release", "wait"]), st.sampled_from("abc"), st.integers(0, 5)), max_size=25
)


@given(steps=STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_new_holder_always_has_a_higher_number(lake: Lake, steps: list[tuple[str, str, int]]) -> None:
    lake.delete([layout.lock_key(RUN.pipeline)])
    clock = Clock()
    lock = RunLock(lake, RUN.pipeline, now=clock)
    highest, owner, expires = 0, "", clock.time
    for step, holder, hours in steps:
        if step == "wait":
            clock.time += timedelta(hours=hours)
        elif step == "release":
            assert lock.release(holder) == (holder == owner)
            owner = "" if holder == owner else owner
        elif owner in ("", holder) or clock.time >= expires:
            acquired_lock = lock.acquire(holder, RUN, LEASE)
            assert acquired_lock.fence == (highest if owner == holder else highest + 1)
            highest, owner, expires = acquired_lock.fence, holder, clock.time + LEASE
        else:
            with pytest.raises(RunInProgress):
                lock.acquire(holder, RUN, LEASE)


def test_a_run_that_waits_for_long_keeps_the_lock_by_renewing_its_lease(lock: RunLock, clock: Clock) -> None:
    acquired_lock = lock.acquire("manual-1", RUN, LEASE)
    for _ in range(5):
        clock.time += timedelta(hours=3)
        lock.renew("manual-1", acquired_lock.fence, LEASE)
        with pytest.raises(RunInProgress):
            lock.acquire("manual-2", RUN, LEASE)
    current = lock.current()
    assert current is not None
    assert (current.fence, current.expires_at) == (acquired_lock.fence, clock.time + LEASE)


def test_a_lease_is_not_renewed_once_another_run_has_the_lock(lock: RunLock, clock: Clock) -> None:
    acquired_lock = lock.acquire("manual-1", RUN, LEASE)
    clock.time += LEASE
    lock.acquire("manual-2", RUN, LEASE)
    with pytest.raises(LockLost, match="now held by manual-2"):
        lock.renew("manual-1", acquired_lock.fence, LEASE)
