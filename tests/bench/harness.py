"""Measuring: two ways of doing the same in turns, the peak memory of a process of its own, and findings to tell.

A ratio within one run is more reliable than seconds: both sides meet the same machine in the same minutes. The sides
alternate, so that a slow spell meets both, and the median of the rounds is what counts.
"""

from __future__ import annotations

import logging
import multiprocessing
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

Work = Callable[[], float | None]
"""The work that is timed: the whole call, or only the seconds that it returns."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a program is to measure.

    Attributes:
        rounds: how often each side of a comparison works; the median counts.
        quick: smaller sizes, for a first look; a target is judged on the full ones only.
    """

    rounds: int = 5
    quick: bool = False

    def size(self, full: int, quick: int) -> int:
        """The size to measure with."""
        return quick if self.quick else full


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two ways of doing the same work, in seconds a round.

    Attributes:
        subject: the work.
        against: what ours is compared with.
        ours: seconds of each round.
        theirs: seconds of each round.
        at_most: the ratio aimed at, or None if the ratio has no target.
    """

    subject: str
    against: str
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    at_most: float | None = None

    @property
    def ratio(self) -> float:
        """Median of ours over median of theirs."""
        return statistics.median(self.ours) / statistics.median(self.theirs)

    def cells(self) -> tuple[str, ...]:
        """Its values, in the order of `COLUMNS`."""
        return (
            f"{self.subject}, compared with {self.against}",
            seconds(self.ours),
            seconds(self.theirs),
            f"{self.ratio:.2f}x",
            "" if self.at_most is None else f"at most {self.at_most:g}x: {verdict(self.ratio, self.at_most)}",
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One number.

    Attributes:
        subject: what was measured.
        value: the number.
        unit: its unit, such as MB.
        at_most: the limit, or None if the figure has no target.
    """

    subject: str
    value: float
    unit: str
    at_most: float | None = None

    def cells(self) -> tuple[str, ...]:
        """Its values, in the order of `COLUMNS`."""
        target = "" if self.at_most is None else f"at most {self.at_most:g}: {verdict(self.value, self.at_most)}"
        number = f"{self.value:,.0f}" if self.value == round(self.value) else f"{self.value:,.2f}"
        return (self.subject, f"{number} {self.unit}".rstrip(), "", "", target)


Finding = Comparison | Figure
COLUMNS = ("", "ours", "theirs", "ratio", "target")


@dataclass(frozen=True, slots=True)
class Alone(Generic[Value]):
    """What came of a call in a process of its own.

    Attributes:
        value: what the function returned.
        seconds: how long it took, without starting the process.
        cpu_seconds: processor time, user and system, of the process and the children that it waited for.
        peak_mb: the most memory that the process held, in MB of 10^6 bytes.
    """

    value: Value
    seconds: float
    cpu_seconds: float
    peak_mb: float


def compare(
    subject: str, ours: Work, theirs: Work, *, against: str, rounds: int = 5, at_most: float | None = None
) -> Comparison:
    """Let two ways of doing the same work take turns, after a round of each that is not counted.

    Args:
        subject: the work, in words.
        ours: does it our way.
        theirs: does it the other way.
        against: what the other way is.
        rounds: how often each works.
        at_most: the ratio aimed at.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for side, work in zip(taken, (ours, theirs), strict=True):
            spent = timed(work)
            if number:
                side.append(spent)
    return Comparison(subject, against, tuple(taken[0]), tuple(taken[1]), at_most)


def timed(work: Work) -> float:
    """Seconds that a call takes, or that it returns."""
    began = time.perf_counter()
    seconds = work()
    return time.perf_counter() - began if seconds is None else seconds


def alone(function: Callable[..., Value], *args: Any) -> Alone[Value]:
    """Call a module's function in a new process, so that its memory is its own. Arguments and result are pickled."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(_watched, function, args).result()


def _watched(function: Callable[..., Value], args: tuple[Any, ...]) -> Alone[Value]:
    logging.disable(logging.INFO)  # as in the process that reports
    began, cpu = time.perf_counter(), _cpu_seconds()
    value = function(*args)
    return Alone(value, time.perf_counter() - began, _cpu_seconds() - cpu, _peak_mb())


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _peak_mb() -> float:
    """Peak memory of this process. Linux hands `ru_maxrss` down from parent to child, but not VmHWM."""
    status = Path("/proc/self/status")
    if status.exists() and (peak := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(peak[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def seconds(rounds: tuple[float, ...]) -> str:
    """Median, least and most of some rounds: `4.10 s (3.98 to 4.31)`."""
    median = f"{statistics.median(rounds):.2f} s"
    return median if len(rounds) == 1 else f"{median} ({min(rounds):.2f} to {max(rounds):.2f})"


def verdict(value: float, at_most: float) -> str:
    """Whether a value keeps to its limit."""
    return "met" if value <= at_most else "**missed**"
