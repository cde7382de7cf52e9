"""Requests leave evenly, at one pace for all threads, which slows down when the API asks for it."""

from __future__ import annotations

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sources.ticketmaster.throttle import Throttle


def departures(throttle: Throttle, requests: int, threads: int) -> list[float]:
    def leave(_: int) -> float:
        with throttle.turn() as left_at:
            return left_at

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


def test_no_second_sees_more_than_the_rate_whenever_within_a_request_the_server_counts():
    """One request waits long for its connection, the next is counted at once: even departures guarantee nothing."""
    throttle, counted, lot = Throttle(10), [], itertools.cycle((0.12, 0, 0, 0.06, 0))
    lock = threading.Lock()

    def ask(_: int) -> None:
        with throttle.turn():
            with lock:
                delay = next(lot)
            time.sleep(delay)
            counted.append(time.monotonic())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(21)))
    assert max(sum(first <= other < first + 1 for other in counted) for first in counted) <= 10


def test_the_pace_gives_way_and_recovers_but_never_beyond_the_rate():
    throttle = Throttle(100)
    throttle.arrested(time.monotonic())
    throttle.arrested(time.monotonic())
    assert throttle.pace == pytest.approx(100 / 2.25)
    for _ in range(500):
        throttle.passed()
    assert throttle.pace == 100
    for _ in range(50):
        throttle.arrested(time.monotonic())
    assert throttle.pace == pytest.approx(5)


def test_refusals_of_requests_that_left_together_slow_down_once():
    throttle = Throttle(100)
    left_at = time.monotonic()
    for _ in range(8):
        throttle.arrested(left_at)
    assert throttle.pace == pytest.approx(100 / 1.5)


def test_a_silence_holds_back_everything():
    throttle = Throttle(1000)
    asked_at = time.monotonic()
    throttle.silence(0.3)
    assert min(departures(throttle, 4, threads=4)) >= asked_at + 0.3


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_of_nothing_is_refused(rate):
    with pytest.raises(ValueError, match="positive"):
        Throttle(rate)
