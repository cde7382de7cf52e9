"""Rate, quota and the headers that tell about them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from infra.simulators.discovery.errors import ApiError
from infra.simulators.discovery.limits import Gate, Limits
from infra.simulators.tests.discovery.client import NOW, Caller


class HandClock:
    """Two clocks turned by hand: monotonic seconds and UTC."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.utc = datetime(2026, 3, 2, tzinfo=UTC)

    def gate(self, **limits: int | None) -> Gate:
        return Gate(Limits(**limits), lambda: self.utc, lambda: self.seconds)  # type: ignore[arg-type]


def test_the_second_slides() -> None:
    clock = HandClock()
    gate = clock.gate(per_second=2)
    gate.enter("k")
    clock.seconds += 0.6
    gate.enter("k")
    clock.seconds += 0.39
    with pytest.raises(ApiError):
        gate.enter("k")
    clock.seconds += 0.01  # the first is now a full second old
    gate.enter("k")
    with pytest.raises(ApiError):
        gate.enter("k")


def test_refused_requests_cost_nothing() -> None:
    clock = HandClock()
    gate = clock.gate(per_second=1, per_day=2)
    gate.enter("k")
    for _ in range(5):
        with pytest.raises(ApiError):
            gate.enter("k")
    clock.seconds += 1
    assert gate.enter("k")["Rate-Limit-Available"] == "0"


def test_the_quota_returns_a_day_after_the_first_request() -> None:
    clock = HandClock()
    gate = clock.gate(per_second=None, per_day=1)
    reset = gate.enter("k")["Rate-Limit-Reset"]
    assert reset == str(int((clock.utc + timedelta(days=1)).timestamp() * 1000))
    clock.utc += timedelta(hours=23, minutes=59)
    with pytest.raises(ApiError):
        gate.enter("k")
    clock.utc += timedelta(minutes=1)
    assert gate.enter("k")["Rate-Limit-Reset"] != reset


def test_headers_of_a_200_count_down() -> None:
    api = Caller(limits=Limits(per_second=None, per_day=5000))
    first, second = api.get("classifications"), api.get("classifications")
    assert first.headers["Rate-Limit"] == "5000"
    assert first.headers["Rate-Limit-Available"] == "4999"
    assert second.headers["Rate-Limit-Available"] == "4998"
    assert second.headers["Rate-Limit-Over"] == "0"
    assert first.headers["Rate-Limit-Reset"] == second.headers["Rate-Limit-Reset"]
    assert int(first.headers["Rate-Limit-Reset"]) == int((NOW + timedelta(days=1)).timestamp() * 1000)


def test_bad_requests_cost_quota_and_bad_keys_do_not() -> None:
    api = Caller(limits=Limits(per_second=None, per_day=100))
    api.get("events", size=999)
    api.get("events/none")
    api.get("events", key="wrong")
    api.get("events", key=None)
    assert api.get("classifications").headers["Rate-Limit-Available"] == "97"
