"""Requests leave evenly, at one pace for all threads, which gives way when the API says so."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sources.ticketmaster.throttle import Throttle


def departures(throttle: Throttle, requests: int, threads: int) -> list[float]:
    def leave(_: int) -> float:
        throttle.wait()
        return time.monotonic()

    with ThreadPoolExecutor(threads) as pool:
        return sorted(pool.map(leave, range(requests)))


@pytest.mark.parametrize(("rate", "requests"), [(5, 7), (50, 70)])
def test_no_second_sees_more_than_the_rate(rate, requests):
    times = departures(Throttle(rate), requests, threads=8)
    assert max(sum(first <= other < first + 1 for other in times) for first in times) <= rate
    assert times[-1] - times[0] >= (requests - 1 - rate / 20) / rate


def test_fractions_of_a_request_a_second_are_possible():
    times = departures(Throttle(2.5), 2, threads=1)
    assert times[1] - times[0] >= 0.4


def test_the_pace_gives_way_and_recovers_but_never_beyond_the_rate():
    throttle = Throttle(100)
    throttle.arrested()
    throttle.arrested()
    assert throttle.pace == pytest.approx(100 / 2.25)
    for _ in range(500):
        throttle.passed()
    assert throttle.pace == 100
    for _ in range(50):
        throttle.arrested()
    assert throttle.pace == pytest.approx(5)


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_of_nothing_is_refused(rate):
    with pytest.raises(ValueError, match="positive"):
        Throttle(rate)
