"""A whole day of 100,000 events, stage by stage, from the API to the refreshed data products.

The steps of `ticketmaster_daily`, one after the other and without Airflow, whose own share is about a second a task.
The simulated API has no limits; it makes its answers while it is asked, in a process of its own, and the local AWS (S3,
the Glue job's Spark, PostgreSQL) does its work in others. Everything shares two cores, if the system lets us say so.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import boto3

from tests.bench.day import Day
from tests.bench.harness import Figure, Options
from tests.bench.made_events import DAY
from tests.bench.world import day_of, running_aws, simulated_api

CORES = 2
_MILESTONE = re.compile(r"^(run|staged|loaded) ([^:]*)")


def measure(options: Options) -> Iterator[Figure]:
    """Run one day and tell the seconds of each stage."""
    events = options.size(100_000, 5_000)
    _use_cores(CORES)
    with (
        tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as folder,
        running_aws(Path(folder)) as world,
        simulated_api(events, DAY) as url,
        day_of(DAY, url),
    ):
        day = Day(DAY)
        day.run()
        loaded = next(iter(world.redshift.execute("SELECT COUNT(*) AS n FROM ticketmaster.fact_events")))["n"]
        yield Figure("events loaded", loaded, "")
        for stage, seconds in day.seconds.items():
            yield Figure(stage, seconds, "s")
            if stage == "build_star" and day.job_run:
                yield from _job_stages(day.job_run, seconds)
        yield Figure("the whole day", sum(day.seconds.values()), "s")


def _use_cores(count: int) -> None:
    """Keep this process, and what it starts, on some of the machine's cores; macOS can't do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


def _job_stages(run: str, seconds: float) -> Iterator[Figure]:
    """Where the Glue job's time goes, by what it logs as it ends: the session, each staged table, COPY."""
    lines = (
        boto3.client("logs")
        .get_paginator("filter_log_events")
        .paginate(logGroupName="/aws-glue/jobs/output", logStreamNames=[run])
    )
    marks = [
        (event["timestamp"] / 1000, _MILESTONE.match(event["message"]))
        for page in lines
        for event in page["events"]
        if _MILESTONE.match(event["message"])
    ]
    if not marks:
        return
    inside = marks[-1][0] - marks[0][0]
    yield Figure("- starting Spark, reading manifests, ending", seconds - inside, "s")
    for (before, _), (at, stage) in pairwise(marks):
        assert stage is not None
        yield Figure(f"- {stage[1]} {stage[2]}", at - before, "s")
