"""The run lock if another write comes between reading and writing it, and if a holder leaves it behind."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from aws_services.s3 import S3
from lake import layout
from lake.layout import RunId
from lake.run_lock import Lock, LockLost, RunInProgress, RunLock
from lake.store import CorruptObject, Lake

RUN = RunId("ticketmaster_daily", date(2026, 11, 20))
LEASE = timedelta(hours=4)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Overtaken:
    """S3 where another writer comes just before each conditional write, until no other writers are left."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.others: list[Callable[[], object]] = []
        self.writes = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = getattr(self._client, name)

        def call(**request: Any) -> Any:
            if "IfMatch" in request or "IfNoneMatch" in request:
                self.writes += 1
                if self.others:
                    self.others.pop(0)()
            return operation(**request)

        return call


@pytest.fixture
def others(lake: Lake) -> RunLock:
    """The lock as other processes use it."""
    return RunLock(lake, RUN.pipeline, now=lambda: NOON)


@pytest.fixture
def client(lake: Lake) -> Overtaken:
    return Overtaken(lake.s3._client)


@pytest.fixture
def lock(lake: Lake, client: Overtaken) -> RunLock:
    """The lock as this process uses it, an hour later."""
    return RunLock(Lake(S3(client), lake.bucket), RUN.pipeline, now=lambda: NOON + timedelta(hours=1))


def test_who_comes_second_to_a_free_lock_is_told_who_was_first(
    lock: RunLock, others: RunLock, client: Overtaken
) -> None:
    client.others = [lambda: others.acquire("manual-1", RUN, LEASE)]
    with pytest.raises(RunInProgress, match="manual-1"):
        lock.acquire("manual-2", RUN, LEASE)


def test_what_was_given_back_meanwhile_is_taken_at_the_second_look(
    lock: RunLock, others: RunLock, client: Overtaken
) -> None:
    others.acquire("manual-1", RUN, timedelta(minutes=1))
    client.others = [lambda: others.release("manual-1")]
    assert lock.acquire("manual-2", RUN, LEASE).fence == 2
    assert client.writes == 2


def test_a_lock_that_others_write_all_the_time_is_given_up_and_its_holder_named(
    lake: Lake, lock: RunLock, others: RunLock, client: Overtaken
) -> None:
    others.acquire("manual-1", RUN, timedelta(minutes=1))
    moments = (NOON + timedelta(seconds=second) for second in range(1, 100))
    busy = RunLock(lake, RUN.pipeline, now=partial(next, moments))
    client.others = [lambda: busy.renew("manual-1", 1, timedelta(minutes=1))] * 100
    with pytest.raises(RunInProgress, match="manual-1"):
        lock.acquire("manual-2", RUN, LEASE)
    current = others.current()
    assert current is not None
    assert current.is_held_by("manual-1")


def test_a_release_goes_on_when_a_task_of_the_same_run_renews_just_then(
    lock: RunLock, others: RunLock, client: Overtaken
) -> None:
    acquired_lock = others.acquire("manual-1", RUN, LEASE)
    client.others = [lambda: others.renew("manual-1", acquired_lock.fence, 2 * LEASE)]
    assert lock.release("manual-1")
    current = others.current()
    assert current is not None
    assert current.released_at == NOON + timedelta(hours=1)


def test_a_lease_is_renewed_though_a_task_beside_was_faster(lock: RunLock, others: RunLock, client: Overtaken) -> None:
    acquired_lock = others.acquire("manual-1", RUN, LEASE)
    client.others = [lambda: others.renew("manual-1", acquired_lock.fence, timedelta(minutes=1))]
    lock.renew("manual-1", acquired_lock.fence, LEASE)
    current = others.current()
    assert current is not None
    assert current.expires_at == NOON + timedelta(hours=1) + LEASE


def test_a_lease_is_not_renewed_when_the_lock_is_given_back_or_taken_just_then(
    lock: RunLock, others: RunLock, client: Overtaken
) -> None:
    acquired_lock = others.acquire("manual-1", RUN, LEASE)
    client.others = [lambda: others.release("manual-1")]
    with pytest.raises(LockLost, match="now held by no run"):
        lock.renew("manual-1", acquired_lock.fence, LEASE)
    second = others.acquire("manual-2", RUN, LEASE)
    client.others = [lambda: others.acquire("manual-3", RUN, LEASE, is_over=lambda holder: True)]
    with pytest.raises(LockLost, match="now held by manual-3"):
        lock.renew("manual-2", second.fence, LEASE)


def test_a_dag_run_that_took_its_lock_again_cannot_go_on_under_the_old_number(others: RunLock) -> None:
    first = others.acquire("manual-1", RUN, LEASE)
    others.release("manual-1")
    again = others.acquire("manual-1", RUN, LEASE)
    with pytest.raises(LockLost):
        others.check("manual-1", first.fence)
    others.check("manual-1", again.fence)


def test_a_dag_run_that_resumes_may_work_on_another_observation(others: RunLock) -> None:
    others.acquire("manual-1", RUN, LEASE)
    second = RunId(RUN.pipeline, RUN.business_date, 2)
    others.acquire("manual-1", second, LEASE)
    current = others.current()
    assert current is not None
    assert (current.run_id, current.fence) == (str(second), 1)


def test_only_a_takeover_is_warned_of(others: RunLock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "lake.run_lock")
    others.acquire("manual-1", RUN, LEASE)
    others.acquire("manual-1", RUN, LEASE)
    others.release("manual-1")
    others.acquire("manual-2", RUN, LEASE)
    assert caplog.messages == []
    others.acquire("manual-3", RUN, LEASE, is_over=lambda holder: True)
    assert caplog.messages == ["took over ticketmaster_daily from manual-2, which did not release its lock"]


class TestLeftBehind:
    """A lock that its holder never released is released once its lease is over."""

    def test_only_when_its_lease_is_over(self, lake: Lake, others: RunLock) -> None:
        assert others.release_expired() is None, "the pipeline never ran"
        acquired_lock = others.acquire("manual-1", RUN, LEASE)
        just_before = RunLock(lake, RUN.pipeline, now=lambda: NOON + LEASE - timedelta(microseconds=1))
        assert just_before.release_expired() is None
        assert others.current() == acquired_lock

    def test_it_is_free_and_keeps_its_number(self, lake: Lake, others: RunLock) -> None:
        acquired_lock = others.acquire("manual-1", RUN, LEASE)
        later = RunLock(lake, RUN.pipeline, now=lambda: NOON + LEASE)
        assert later.release_expired() == acquired_lock
        current = later.current()
        assert current is not None
        assert (current.released_at, current.fence) == (NOON + LEASE, acquired_lock.fence)
        assert later.release_expired() is None, "it is given back once"
        assert others.acquire("manual-2", RUN, LEASE).fence == acquired_lock.fence + 1

    def test_not_when_another_run_takes_it_just_then(self, lock: RunLock, others: RunLock, client: Overtaken) -> None:
        others.acquire("manual-1", RUN, timedelta(minutes=1))
        client.others = [lambda: others.acquire("manual-2", RUN, LEASE, is_over=lambda holder: True)]
        assert lock.release_expired() is None
        current = others.current()
        assert current is not None
        assert current.is_held_by("manual-2")


def test_a_lock_that_was_never_taken_is_not_this_runs(others: RunLock) -> None:
    with pytest.raises(LockLost, match="now held by no run"):
        others.check("manual-1", 1)


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b'{"acquired_at": 5, "expires_at": 5, "released_at": null}',
        b'{"acquired_at": "noon", "expires_at": "noon", "released_at": null}',
        b"[]",
    ],
)
def test_a_damaged_lock_says_which_number_to_go_on_with(lake: Lake, others: RunLock, content: bytes) -> None:
    lake.put(layout.lock_key(RUN.pipeline), content)
    with pytest.raises(CorruptObject, match=r"is not a (run lock|JSON object)"):
        others.current()


@pytest.mark.parametrize("released_at", [None, NOON])
def test_a_lock_is_read_back_as_it_was_written(released_at: datetime | None) -> None:
    lock = Lock("daily", "manual-1", "daily-2026-11-20", 7, NOON, NOON + LEASE, released_at)
    assert Lock.from_dict(lock.as_dict()) == lock
    assert lock.is_free(NOON) == (released_at is not None)
    assert lock.is_held_by("manual-1") == (released_at is None)
