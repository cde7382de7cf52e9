"""When an alarm is in ALARM, OK or INSUFFICIENT_DATA: CloudWatch's rules over the newest data points. Pure.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Missing = Literal["missing", "notBreaching", "breaching", "ignore"]

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
STATES: tuple[State, ...] = ("OK", "ALARM", "INSUFFICIENT_DATA")
COMPARISONS = tuple(_COMPARISONS)
MISSING: tuple[Missing, ...] = ("missing", "notBreaching", "breaching", "ignore")
_DAY = 86_400
_EXTRA_PERIODS = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """An alarm's rule about its data points.

    Attributes:
        comparison: one of `COMPARISONS`.
        threshold: the number to compare values with.
        periods: how many data points are evaluated (N).
        to_alarm: how many of them must be breaching (M).
        missing: how missing data points are treated.
    """

    comparison: str
    threshold: float
    periods: int
    to_alarm: int
    missing: Missing = "missing"

    def is_breaching(self, value: float) -> bool:
        """Whether the value crosses the threshold."""
        return _COMPARISONS[self.comparison](value, self.threshold)


def range_of(periods: int, seconds: int) -> int:
    """How many periods to look back: more than are evaluated, so that late and rare data still counts.

    CloudWatch documents that it does so, but not how many; its example has five for three. The extra periods never make
    the range longer than a day.
    """
    room = max(0, (_DAY - periods * seconds) // seconds)
    return periods + min(_EXTRA_PERIODS, room)


def evaluate(rule: Rule, points: Sequence[float | None]) -> State | None:
    """The state according to the data points, or None if the alarm keeps its state.

    Args:
        rule: the alarm's rule.
        points: one for each period of the range, oldest first; None where there is no data.
    """
    real = [point for point in points if point is not None]
    if len(real) >= rule.periods:
        return _state(rule, _breaching(rule, real[-rule.periods :]))
    absent = rule.periods - len(real)
    breaching = _breaching(rule, real)
    if rule.missing == "breaching":
        return _state(rule, breaching + absent)
    if rule.missing == "notBreaching" or breaching >= rule.to_alarm or breaching < len(real):
        return _state(rule, breaching)
    if rule.missing == "ignore":
        return None
    return "ALARM" if _oldest_age(points) >= rule.to_alarm else "INSUFFICIENT_DATA"


def _breaching(rule: Rule, values: Sequence[float]) -> int:
    return sum(rule.is_breaching(value) for value in values)


def _state(rule: Rule, breaching: int) -> State:
    return "ALARM" if breaching >= rule.to_alarm else "OK"


def _oldest_age(points: Sequence[float | None]) -> int:
    """How many periods ago the oldest data point was. The newest period is 1; 0 means no data."""
    return next((len(points) - place for place, point in enumerate(points) if point is not None), 0)
