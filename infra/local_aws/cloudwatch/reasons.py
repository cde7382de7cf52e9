"""Why an alarm is in its state, in CloudWatch's words: `StateReason` and `StateReasonData`.

The wording is that of the examples in
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .evaluation import Rule, State

_WORDS = {
    "GreaterThanThreshold": "greater than",
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}
_TREATED = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


@dataclass(frozen=True, slots=True)
class Point:
    """A data point: when its period began, and its value."""

    at: datetime
    value: float


def sentence(rule: Rule, evaluated: Sequence[Point], state: State, old_state: str) -> str:
    """The reason as DescribeAlarms returns it.

    Args:
        rule: the alarm's rule.
        evaluated: the data points that decided, newest first.
        state: the resulting state.
        old_state: the state before.
    """
    if state == "INSUFFICIENT_DATA":
        unknown = rule.periods - len(evaluated)
        return f"Insufficient Data: {_count(unknown, 'datapoint')} {_verb(unknown)} unknown."
    absent = rule.periods - len(evaluated)
    treated = f"{_count(absent, 'missing datapoint')} {_verb(absent)} treated as [{_TREATED.get(rule.missing, '')}]"
    if not evaluated:
        return f"Threshold Crossed: no datapoints were received for {_count(absent, 'period')} and {treated}."
    points = [point for point in evaluated if rule.is_breaching(point.value) == (state == "ALARM")] or list(evaluated)
    values = ", ".join(f"{point.value} ({point.at:%d/%m/%y %H:%M:%S})" for point in points)
    note = f" and {treated}" if absent and rule.missing in _TREATED else ""
    needed = rule.to_alarm if state == "ALARM" else rule.periods - rule.to_alarm + 1
    return (
        f"Threshold Crossed: {len(points)} out of the last {rule.periods} datapoints [{values}] {_verb(len(points))} "
        f"{'' if state == 'ALARM' else 'not '}{_WORDS[rule.comparison]} the threshold ({float(rule.threshold)})"
        f"{note} (minimum {_count(needed, 'datapoint')} for {old_state} -> {state} transition)."
    )


def data(
    rule: Rule, evaluated: Sequence[Point], statistic: str | None, period: int, query_time: datetime
) -> dict[str, Any]:
    """The reason in machine-readable form."""
    content: dict[str, Any] = {"version": "1.0", "queryDate": stamp(query_time)}
    if evaluated:
        content["startDate"] = stamp(evaluated[-1].at)
    if statistic:
        content["statistic"] = statistic
    return content | {
        "period": period,
        "recentDatapoints": [point.value for point in reversed(evaluated)],
        "threshold": float(rule.threshold),
        "evaluatedDatapoints": [{"timestamp": stamp(point.at), "value": point.value} for point in evaluated],
    }


def stamp(at: datetime) -> str:
    """A time in CloudWatch's JSON format: UTC, in milliseconds."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}+0000"


def as_text(content: dict[str, Any]) -> str:
    """JSON without spaces, as CloudWatch writes it."""
    return json.dumps(content, separators=(",", ":"))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _verb(number: int) -> str:
    return "was" if number == 1 else "were"
