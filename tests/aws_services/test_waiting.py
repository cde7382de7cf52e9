"""Waiting backs off, and ends at the deadline."""

from __future__ import annotations

import itertools

import pytest

from aws_services._waiting import Patience, wait_until
from aws_services.errors import TimedOut


class Clock:
    """Time that passes by sleeping only."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses.append(seconds)

    def patience(self, deadline: float) -> Patience:
        return Patience(deadline, first=1, longest=8, sleep=self.sleep, clock=lambda: self.now)


def test_it_looks_until_it_is_over() -> None:
    states = iter(["SUBMITTED", "STARTED", "FINISHED", "never seen"])
    clock = Clock()
    last = wait_until(
        lambda: next(states), lambda state: state == "FINISHED", clock.patience(60), operation="a", resource="b"
    )
    assert last == "FINISHED"
    assert len(clock.pauses) == 2


def test_what_is_over_at_once_is_not_waited_for() -> None:
    clock = Clock()
    wait_until(lambda: 1, lambda state: True, clock.patience(0), operation="a", resource="b")
    assert clock.pauses == []


def test_pauses_grow_to_a_limit_and_end_at_the_deadline() -> None:
    clock = Clock()
    with pytest.raises(TimedOut, match=r"crawl of tables: still RUNNING after 60 s") as late:
        wait_until(lambda: "RUNNING", lambda state: False, clock.patience(60), operation="crawl", resource="tables")
    assert clock.now == pytest.approx(60)
    assert max(clock.pauses) <= 8 * 1.2
    assert all(later > earlier * 0.9 for earlier, later in itertools.pairwise(clock.pauses[:5]))
    assert late.value.waited == pytest.approx(60)
    assert late.value.last_state == "RUNNING"
