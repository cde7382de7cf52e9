"""Killed after every side effect, a run ends as if nothing had happened.

One run is left alone, another dies once after each of its side effects (kill -9 of the process group) and is taken up
again, by a retry of the task or by another DAG run. Both must give the same lake and the same warehouse, by table.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from aws_services import resources
from aws_services.s3 import S3
from infra.local_aws import LocalAws
from tests.faults import fail_points
from tests.faults.conftest import Content, Runs, taken_up
from tests.faults.world import World, leftovers

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]  # the chain of deaths is one fixture

RAW_EVENTS = "raw/ticketmaster/events/ingest_date=2026-03-02/run_id=ticketmaster_daily-2026-03-02/"
DYING_JOB = """
points = FailPoints(Path({file!r}), lambda effect: any(part in effect for part in {deadly_parts!r}))
points.task = "job"
points.install()

from glue_jobs import star_job
from glue_jobs.ticketmaster_star import JOB

star_job.main(JOB)
"""


@pytest.fixture(scope="module")
def dying_job(provisioned_aws: LocalAws, runs: Runs) -> Any:
    """The job's script in S3 replaced by one that dies twice: among the tables it stages, and while it COPYs."""
    deadly_parts = [
        "PutObject staging/ticketmaster_daily/ticketmaster_daily-2026-03-02/ticketmaster_markets",
        "accepted LOCK",
    ]
    file = runs.folder / "job_died_after.txt"
    script = Path(fail_points.__file__).read_text() + DYING_JOB.format(file=str(file), deadly_parts=deadly_parts)
    bucket, key = resources.ARTIFACT_BUCKET, resources.TICKETMASTER_JOB.script_uri.split("/", 3)[3]
    original = S3().get(bucket, key)
    S3().put(bucket, key, script.encode())
    yield file
    S3().put(bucket, key, original)


@dataclass(frozen=True)
class Killed:
    """A run that died after each of its side effects.

    Attributes:
        effects: what it died after, in the pipeline's processes and inside the job.
        job_runs: Glue's account of its job runs, oldest first.
        folder: the temporary directory of its processes.
    """

    effects: list[str]
    job_runs: list[dict[str, Any]]
    folder: Path


@pytest.fixture(scope="module")
def killed(undisturbed: Content, world: World, runs: Runs, dying_job: Path) -> Killed:
    """Such a run, in a world that was empty before."""
    world.empty()
    before = {run["Id"] for run in job_runs()}
    attempt = runs.new("killed", deadly=True)
    deaths = runs.to_the_end(attempt, taken_up)
    effects = (attempt.folder / "died_after.txt").read_text().splitlines()
    assert len(effects) == deaths
    new = [run for run in job_runs() if run["Id"] not in before]
    return Killed(effects + dying_job.read_text().splitlines(), new, attempt.folder / "tmp")


def job_runs() -> list[dict[str, Any]]:
    """Glue's account of all runs of the job, oldest first."""
    runs = boto3.client("glue").get_job_runs(JobName=resources.TICKETMASTER_JOB.name)["JobRuns"]
    return sorted(runs, key=lambda run: run["StartedOn"])


@pytest.mark.parametrize(
    "effect",
    [
        "open_run | PutObject state/locks/",
        "open_run | PutObject state/runs/",
        "open_run | accepted LOCK etl.runs",
        "open_run | done LOCK etl.runs",
        f"extract | PutObject {RAW_EVENTS}US",
        f"extract | PutObject {RAW_EVENTS}_manifest.json",
        "validate-events | PutObject curated/ticketmaster/event_venues/",
        "validate-events | PutObject curated/ticketmaster/events/ingest_date=2026-03-02/_manifest.json",
        "crawl_curated | StartCrawler",
        "build_star | StartJobRun",
        "job | PutObject staging/",
        "job | accepted LOCK staging.",
        "load | accepted LOCK staging.",
        "load | done LOCK staging.",
        "audit | accepted LOCK etl.run_tables",
        "audit | done LOCK etl.data_quality_results",
        "publish | accepted LOCK etl.fences",  # it is done by itself, and the next attempt finds it done
        "refresh | accepted REFRESH MATERIALIZED VIEW",
        "close_run | done UPDATE etl.runs",
        "close_run | PutObject state/runs/",
        "close_run | PutObject state/locks/",
    ],
)
def test_it_died_after(killed: Killed, effect: str) -> None:
    assert any(known.startswith(effect) for known in killed.effects)


def test_the_warehouse_equals_the_undisturbed_one_table_by_table(
    killed: Killed, undisturbed: Content, world: World
) -> None:
    tables = world.warehouse()
    assert tables.keys() == undisturbed.warehouse.keys()
    assert tables["ticketmaster.fact_events"]
    for table, rows in undisturbed.warehouse.items():
        assert tables[table] == rows, table


def test_the_lake_equals_the_undisturbed_one(killed: Killed, undisturbed: Content, world: World) -> None:
    objects = world.lake_content()
    assert objects.keys() == undisturbed.lake.keys()
    for key, content in undisturbed.lake.items():
        assert objects[key] == content, key


def test_nothing_is_left_over(killed: Killed, world: World) -> None:
    assert leftovers(world, killed.folder) == []


def test_the_job_was_resumed_and_never_ran_twice_at_once(killed: Killed) -> None:
    died_inside = sum(effect.startswith("job |") for effect in killed.effects)
    assert [run["JobRunState"] for run in killed.job_runs] == ["FAILED"] * died_inside + ["SUCCEEDED"]
    assert all(earlier["CompletedOn"] <= later["StartedOn"] for earlier, later in itertools.pairwise(killed.job_runs))
