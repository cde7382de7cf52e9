"""One number for each period of a metric: CloudWatch's statistics over the data that was put."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_PERCENTILE = re.compile(r"p(100|\d{1,2}(\.\d{1,10})?)")


@dataclass(frozen=True, slots=True)
class Sample:
    """A value that was put, or a set of values for which only these statistics are known."""

    at: datetime
    total: float
    count: float
    minimum: float
    maximum: float

    @classmethod
    def of(cls, at: datetime, value: float) -> "Sample":
        """A single value."""
        return cls(at, value, 1, value, value)


@dataclass(frozen=True, slots=True)
class EvaluationWindow:
    """The periods that an alarm evaluates: `count` periods of `seconds` each. The last one ends at `end`."""

    end: datetime
    seconds: int
    count: int
    starts: tuple[datetime, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        step = timedelta(seconds=self.seconds)
        object.__setattr__(self, "starts", tuple(self.end - step * back for back in range(self.count, 0, -1)))

    @classmethod
    def until(cls, time: datetime, seconds: int, count: int) -> "EvaluationWindow":
        """The window of an alarm, which moves with the clock: its last period contains `time`.

        It moves in whole minutes, or in whole periods if those are shorter.
        """
        grain = min(seconds, 60)
        end = math.floor(time.timestamp() / grain) * grain + grain
        return cls(datetime.fromtimestamp(end, time.tzinfo), seconds, count)


def is_statistic(name: str) -> bool:
    """Whether `points` supports the statistic: the five plain ones, and percentiles such as `p99.9`."""
    return name in _STATISTICS or _PERCENTILE.fullmatch(name) is not None


def points(samples: Iterable[Sample], statistic: str, window: EvaluationWindow) -> list[float | None]:
    """The statistic of each period, oldest first; None for a period without data."""
    periods: list[list[Sample]] = [[] for _ in window.starts]
    start = window.starts[0]
    for sample in samples:
        if start <= sample.at < window.end:
            periods[int((sample.at - start).total_seconds() // window.seconds)].append(sample)
    return [_statistic(period, statistic) if period else None for period in periods]


def _statistic(samples: Sequence[Sample], name: str) -> float | None:
    if name in _STATISTICS:
        return _STATISTICS[name](samples)
    return _percentile(samples, float(name[1:]))


def _average(samples: Sequence[Sample]) -> float | None:
    count = _count(samples)
    return _sum(samples) / count if count else None


def _sum(samples: Sequence[Sample]) -> float:
    return math.fsum(sample.total for sample in samples)


def _count(samples: Sequence[Sample]) -> float:
    return math.fsum(sample.count for sample in samples)


def _percentile(samples: Sequence[Sample], percent: float) -> float | None:
    """Interpolates between the closest ranks. None if a sample is a set of values, whose percentiles are not known.

    CloudWatch also computes percentiles of a set only if it has one value, or the same value throughout.
    """
    if any(sample.minimum != sample.maximum for sample in samples):
        return None
    values = sorted(sample.minimum for sample in samples for _ in range(max(1, round(sample.count))))
    rank = (len(values) - 1) * percent / 100
    low = int(rank)
    part = rank - int(rank)
    return values[low] if not part else values[low] + (values[low + 1] - values[low]) * part


_STATISTICS: dict[str, Callable[[Sequence[Sample]], float | None]] = {
    "Average": _average,
    "Sum": _sum,
    "SampleCount": _count,
    "Minimum": lambda samples: min(sample.minimum for sample in samples),
    "Maximum": lambda samples: max(sample.maximum for sample in samples),
}
