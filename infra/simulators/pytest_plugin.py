"""A pytest plugin: simulated Discovery APIs on free ports, and the files of a made-up TICKIT."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from .discovery import DiscoverySimulator, Limits, Universe
from .discovery.universe import Source
from .tickit import write_files

SIMULATED_NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

DiscoverySimulatorFactory = Callable[..., DiscoverySimulator]


@lru_cache(maxsize=8)
def _universe(seed: int, events: int, busiest_second: int | None) -> Universe:
    """Universes are immutable, so tests can share them."""
    return Universe(seed, events, busiest_second)


@pytest.fixture
def discovery_simulator() -> Iterator[DiscoverySimulatorFactory]:
    """A factory: `discovery_simulator(events=300, seed=1, limits=Limits(...), now=..., source=...)`.

    By default, the clock is stopped at 2026-03-02T02:00:00Z and there is no rate limit.
    """
    with ExitStack() as running:

        def start(
            events: int = 300,
            seed: int = 1,
            *,
            busiest_second: int | None = None,
            source: Source | None = None,
            limits: Limits | None = None,
            now: datetime | None = SIMULATED_NOW,
            **options: Any,
        ) -> DiscoverySimulator:
            world = source or _universe(seed, events, busiest_second)
            limits = limits or Limits(per_second=None)
            return running.enter_context(DiscoverySimulator(world, limits=limits, now=now, **options))

        yield start


@pytest.fixture(scope="session")
def quirky_tickit_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the flaws of the published files: what a pipeline has to cope with."""
    folder = tmp_path_factory.mktemp("quirky-tickit")
    write_files(folder, quirks=True)
    return folder


@pytest.fixture(scope="session")
def tickit_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a made-up TICKIT in the published size (1.5 CPU seconds, 30 MB). Copy files before you change them."""
    folder = tmp_path_factory.mktemp("tickit")
    write_files(folder)
    return folder
