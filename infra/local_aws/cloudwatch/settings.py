"""Which alarms the local CloudWatch evaluates. PutMetricAlarm refuses others with a clear message.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from moto.cloudwatch.exceptions import InvalidParameterCombination, ValidationError
from moto.cloudwatch.models import MetricDataQuery

from .datapoints import is_statistic
from .evaluation import COMPARISONS, MISSING
from .expressions import Expression, UnknownExpression

_SHORT_PERIODS = (10, 20, 30)
_DAY = 86_400
_WEEK = 604_800
_NOT_DONE = "The local CloudWatch does not support this: "


def check(alarm: Mapping[str, Any]) -> None:
    """Raises ValidationError or InvalidParameterCombination for an alarm that can't be evaluated.

    Args:
        alarm: the arguments of moto's `put_metric_alarm`.
    """
    if alarm.get("rule") is not None:
        raise ValidationError(f"{_NOT_DONE}composite alarms")
    if alarm.get("threshold_metric_id") or str(alarm.get("comparison_operator")).endswith("UpperThreshold"):
        raise ValidationError(f"{_NOT_DONE}alarms on anomaly detection")
    if alarm.get("evaluate_low_sample_count_percentile") == "ignore":
        raise ValidationError(f"{_NOT_DONE}EvaluateLowSampleCountPercentile ignore")
    _one_of("ComparisonOperator", alarm.get("comparison_operator"), COMPARISONS)
    _one_of("TreatMissingData", alarm.get("treat_missing_data") or "missing", MISSING)
    if alarm.get("threshold") is None:
        raise ValidationError("The parameter Threshold is required")
    _check_actions(alarm)
    queries = alarm.get("metric_data_queries") or []
    periods = _check_queries(queries, alarm) if queries else _check_metric(alarm)
    _check_periods(periods, alarm.get("evaluation_periods") or 0, alarm.get("datapoints_to_alarm"))


def _one_of(name: str, value: Any, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ValidationError(f"{name} must be one of {', '.join(allowed)}, not {value}")


def _check_actions(alarm: Mapping[str, Any]) -> None:
    for name in ("alarm_actions", "ok_actions", "insufficient_data_actions"):
        for action in alarm.get(name) or []:
            if not action.startswith("arn:") or action.split(":")[2] != "sns":
                raise ValidationError(f"{_NOT_DONE}the action {action}; alarms can only notify SNS topics")


def _check_metric(alarm: Mapping[str, Any]) -> list[int]:
    if not alarm.get("metric_name") or not alarm.get("namespace"):
        raise ValidationError("An alarm needs either MetricName and Namespace, or Metrics")
    statistic = alarm.get("statistic")
    extended = alarm.get("extended_statistic")
    if bool(statistic) == bool(extended):
        raise InvalidParameterCombination("Exactly one of Statistic and ExtendedStatistic must be given")
    _check_statistic(str(statistic or extended))
    return [int(alarm.get("period") or 0)]


def _check_statistic(statistic: str) -> None:
    if not is_statistic(statistic):
        raise ValidationError(f"{_NOT_DONE}the statistic {statistic}")


def _check_queries(queries: Sequence[MetricDataQuery], alarm: Mapping[str, Any]) -> list[int]:
    if alarm.get("metric_name") or alarm.get("statistic") or alarm.get("extended_statistic"):
        raise InvalidParameterCombination("MetricName and Statistic cannot be given together with Metrics")
    if len([query for query in queries if query.return_data is None or query.return_data]) != 1:
        raise ValidationError("Exactly one element of the metrics list should return data.")
    ids = [query.id for query in queries]
    if len({*ids}) < len(ids):
        raise ValidationError(f"The ids of Metrics must be unique: {ids}")
    for query in queries:
        if query.metric_stat is not None:
            _check_statistic(query.metric_stat.stat)
        elif query.expression:
            _check_expression(query, ids)
        else:
            raise ValidationError(f"{query.id} of Metrics needs a MetricStat or an Expression")
    return [int(query.metric_stat.period or 0) for query in queries if query.metric_stat is not None] or [0]


def _check_expression(query: MetricDataQuery, ids: Sequence[str]) -> None:
    try:
        unknown = Expression(query.expression).names - {*ids[: ids.index(query.id)], *ids[ids.index(query.id) + 1 :]}
    except UnknownExpression as error:
        raise ValidationError(str(error)) from error
    if unknown:
        raise ValidationError(f"{query.expression!r} uses ids that Metrics does not have: {sorted(unknown)}")


def _check_periods(periods: Sequence[int], evaluation_periods: int, datapoints: int | None) -> None:
    for period in periods:
        if period not in _SHORT_PERIODS and (period < 60 or period % 60):
            raise ValidationError(f"Period must be 10, 20, 30 or a multiple of 60, not {period}")
    if len({*periods}) > 1:
        raise ValidationError(f"All metrics of an alarm must have the same period, not {sorted({*periods})}")
    if evaluation_periods < 1:
        raise ValidationError("EvaluationPeriods must be at least 1")
    if datapoints is not None and not 1 <= datapoints <= evaluation_periods:
        raise ValidationError(f"DatapointsToAlarm must be between 1 and EvaluationPeriods ({evaluation_periods})")
    longest = _WEEK if periods[0] >= 3600 else _DAY
    if evaluation_periods * periods[0] > longest:
        raise ValidationError(
            f"Metrics cannot be checked across more than {longest} seconds (EvaluationPeriods * Period)"
        )
