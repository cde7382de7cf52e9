"""TICKIT at 1x, 10x and 50x its published size: does time grow with the data, and memory not?

Each size is loaded for the first time into a local AWS of its own, by the steps of `tickit_load`, one after the other
and without Airflow; making the files is not counted. Lines are those of all seven files; the users, listings and
sales grow. Processor time is that of every process that works (the steps, the local S3, Spark, PostgreSQL): it is less
the machine's mood than seconds are. Memory is the most that any process of the extract or of the validation held.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil

from infra.simulators.tickit import write_files
from tests.bench.day import TickitDay
from tests.bench.harness import Figure, Options
from tests.bench.world import World, running_aws, today_is

DAY = date(2026, 3, 2)
_SIZES, _QUICK = (1.0, 10.0, 50.0), (0.1, 1.0)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one size took."""

    lines: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


def measure(options: Options) -> Iterator[Figure]:
    """Load each size and compare the larger ones with the smallest."""
    done: dict[float, Loaded] = {}
    for scale in _QUICK if options.quick else _SIZES:
        with (
            tempfile.TemporaryDirectory(prefix="boxoffice-bench-") as folder,
            running_aws(Path(folder) / "aws") as world,
            today_is(DAY),
        ):
            lines = write_files(Path(folder) / "files", scale=scale)
            for path in (Path(folder) / "files").iterdir():
                os.utime(path, (0, 0))  # old files, so that the run doesn't wait for their settle time
            day = TickitDay(DAY, location=str(Path(folder) / "files"))
            before = _cpu_seconds(world)
            day.run()
            cpu, took = _cpu_seconds(world) - before, sum(day.seconds.values())
            done[scale] = Loaded(sum(lines.values()), took, cpu, max(day.peak_mb.values()))
            loaded = next(iter(world.redshift.execute("SELECT COUNT(*) AS n FROM tickit.fact_sales")))["n"]
            yield Figure(f"{scale:g}x: sales loaded", loaded, "")
            for step, seconds in day.seconds.items():
                yield Figure(f"{scale:g}x: {step}", seconds, "s")
            yield Figure(f"{scale:g}x: all steps", took, "s")
            yield Figure(f"{scale:g}x: processor time", cpu, "s")
            for step, peak in day.peak_mb.items():
                yield Figure(f"{scale:g}x: peak memory of {step}", peak, "MB")
    yield from _compared(done)


def _compared(done: dict[float, Loaded]) -> Iterator[Figure]:
    """Each larger size compared with the smallest: time per line, and memory. The start costs alike."""
    small, *others = sorted(done)
    for large in others:
        before, after = done[small], done[large]
        subject = f"{large:g}x over {small:g}x"
        yield Figure(f"{subject}, lines", after.lines / before.lines, "x")
        yield Figure(f"{subject}, seconds", after.seconds / before.seconds, "x")
        yield Figure(
            f"{subject}, processor time", after.cpu_seconds / before.cpu_seconds, "x", after.lines / before.lines * 1.1
        )
        yield Figure(f"{subject}, peak memory of a step", after.peak_mb / before.peak_mb, "x", 1.1)


def _cpu_seconds(world: World) -> float:
    """Processor time so far of this process and the local AWS, with all that they started, ended ones included."""
    trees = [psutil.Process(), psutil.Process(world.aws.pid)]
    living = {process for tree in trees for process in (tree, *tree.children(recursive=True))}
    return sum(sum(process.cpu_times()[:4]) for process in living if process.is_running())
