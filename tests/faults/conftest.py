"""One small world for all kills: the session's local AWS, and sixty events in a simulated Discovery API."""

from __future__ import annotations

import multiprocessing
import multiprocessing.forkserver
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aws_services import resources
from infra.local_aws import LocalAws
from infra.simulators.discovery import DiscoverySimulator, Limits, Universe
from tests.faults.attempts import Attempt, carry_out
from tests.faults.world import World, leftovers

DAY = "2026-03-02"


@pytest.fixture(scope="package")
def simulator() -> Iterator[DiscoverySimulator]:
    """The source: what it has on sale does not change while the clock stands."""
    now = datetime(2026, 3, 2, 2, tzinfo=UTC)
    with DiscoverySimulator(
        Universe(seed=7, events=60), limits=Limits(per_second=None, per_day=100_000), now=now
    ) as running_simulator:
        yield running_simulator


@dataclass
class Runs:
    """Runs of the pipeline, each attempt in a process of its own, forked from a server that has imported everything."""

    folder: Path
    environment: dict[str, str]
    context: Any

    def new(self, name: str, **about: Any) -> Attempt:
        """The first attempt of a run."""
        folder = self.folder / name
        (folder / "tmp").mkdir(parents=True, exist_ok=True)
        return Attempt(folder, {**self.environment, "TMPDIR": str(folder / "tmp")}, **about)

    def once(self, attempt: Attempt) -> int:
        """Let one process work; returns its exit code, -9 when it was killed."""
        process = self.context.Process(target=carry_out, args=(attempt,))
        process.start()
        process.join(timeout=300)
        return process.exitcode

    def to_the_end(self, attempt: Attempt, after_death: Callable[[Attempt, int], Attempt] = lambda a, n: a) -> int:
        """Attempt again until a process ends by itself; returns how many were killed.

        An attempt that fails is repeated as Airflow repeats a task: twice.
        """
        deaths = failures = 0
        while code := self.once(attempt):
            if code == -9:
                deaths += 1
                assert deaths < 400, attempt.log[-3000:]
                attempt, failures = after_death(attempt, deaths), 0
            else:
                failures += 1
                assert failures <= 2, attempt.log[-6000:]
        return deaths


@pytest.fixture(scope="package")
def runs(
    provisioned_aws: LocalAws, simulator: DiscoverySimulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runs]:
    """Runs against the session's local AWS and the simulator."""
    folder = tmp_path_factory.mktemp("faults")
    environment = {
        **provisioned_aws.environment,
        "BOXOFFICE_TODAY": DAY,
        "TICKETMASTER_API_URL": simulator.url,
        "TICKETMASTER_REQUESTS_PER_SECOND": "1000",
        "TICKIT_LOCATION": str(folder / "tickit"),
        "TICKIT_SETTLE_SECONDS": "0",
    }
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "tests.faults.pipeline"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_HOME", str(folder / "airflow"))
        multiprocessing.forkserver.ensure_running()
    yield Runs(folder, environment, context)


@pytest.fixture(scope="package")
def world(provisioned_aws: LocalAws) -> Iterator[World]:
    """A lake, a catalog and a warehouse that are empty when the first test comes and after the last."""
    since = {"venue": "valid_from", "attraction": "valid_from", "classification": "first_seen_on"}
    fresh_world = World(
        "ticketmaster_daily",
        "ticketmaster",
        resources.TICKETMASTER_JOB.name,
        stand_for=since | {"market": "first_seen_on"},
    )
    fresh_world.empty()
    yield fresh_world
    fresh_world.empty()


@dataclass(frozen=True)
class Content:
    """The results of a run: objects of the lake by key, tables of the warehouse by name."""

    lake: dict[str, Any]
    warehouse: dict[str, Any]


def taken_up(attempt: Attempt, deaths: int) -> Attempt:
    """Who goes on after a death: the same DAG run, or (while little is done) another one from the beginning."""
    if deaths % 2 or attempt.results.keys() & {"crawl_raw", "has_changed"}:
        return attempt
    attempt.forget()
    return replace(attempt, dag_run=f"manual-{deaths}", ended=(*attempt.ended, attempt.dag_run))


@pytest.fixture(scope="package")
def undisturbed(world: World, runs: Runs) -> Content:
    """The results of an undisturbed run. They stay in the world."""
    attempt = runs.new("undisturbed")
    assert runs.to_the_end(attempt) == 0
    assert leftovers(world, attempt.folder / "tmp") == []
    return Content(world.lake_content(), world.warehouse())
