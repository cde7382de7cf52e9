"""The Discovery API to crawl: the simulator over a small universe, its clock stopped at 2026-11-20 02:00 UTC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import pytest

from infra.simulators.discovery import DiscoverySimulator, Limits, Universe
from sources.ticketmaster import DiscoveryClient

KEY = "CanaryKey0123456789abcdefABCDEF"
START = datetime(2026, 11, 20, tzinfo=UTC)
END = START + timedelta(days=30)


@lru_cache
def universe(seed: int, events: int, busiest_second: int | None = None) -> Universe:
    return Universe(seed=seed, events=events, busiest_second=busiest_second)


class StubCounter:
    """A counter that lives as long as the test."""

    def __init__(self, value: int = 0) -> None:
        self.value = value
        self.saves = 0

    def load(self) -> int:
        return self.value

    def save(self, value: int) -> None:
        self.value = value
        self.saves += 1


@pytest.fixture
def simulate() -> Iterator[Callable[..., DiscoverySimulator]]:
    """Starts simulators, without a limit of requests a second unless one is given."""
    with ExitStack() as stack:

        def start(events: int = 300, *, seed: int = 1, busiest_second: int | None = None, **limits: Any):
            return stack.enter_context(
                DiscoverySimulator(
                    universe(seed, events, busiest_second),
                    api_key=KEY,
                    now=START + timedelta(hours=2),
                    limits=Limits(**{"per_second": None, **limits}),
                )
            )

        yield start


@pytest.fixture
def connect() -> Iterator[Callable[..., DiscoveryClient]]:
    """Makes fast clients: a high rate, and no pauses between attempts."""
    with ExitStack() as stack:

        def client(url: str, **settings: Any) -> DiscoveryClient:
            defaults = {"requests_per_second": 1000, "sleep": lambda seconds: None}
            key = settings.pop("api_key", KEY)
            return stack.enter_context(DiscoveryClient(url, key, **{**defaults, **settings}))

        yield client
