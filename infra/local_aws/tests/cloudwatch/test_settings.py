"""Alarms that cannot be evaluated are refused in words."""

from typing import Any

import pytest
from moto.cloudwatch.exceptions import CloudWatchException
from moto.cloudwatch.models import Metric, MetricDataQuery, MetricStat

from infra.local_aws.cloudwatch.settings import check

ALARM = {
    "namespace": "n",
    "metric_name": "m",
    "statistic": "Sum",
    "period": 60,
    "evaluation_periods": 2,
    "threshold": 1.0,
    "comparison_operator": "GreaterThanThreshold",
}
METRICS = {**ALARM, "metric_name": None, "statistic": None, "period": None}


def stat(name: str, *, returns: bool | None = False, period: int = 60, statistic: str = "Sum") -> MetricDataQuery:
    return MetricDataQuery(name, "", "", returns, None, MetricStat(Metric("m", "n", []), period, statistic, None))


def math(text: str, name: str = "e") -> MetricDataQuery:
    return MetricDataQuery(name, "", "", True, text)


@pytest.mark.parametrize(
    ("alarm", "reason"),
    [
        ({**ALARM, "rule": "ALARM(a)"}, "composite"),
        ({**ALARM, "threshold_metric_id": "ad1"}, "anomaly"),
        ({**ALARM, "comparison_operator": "LessThanLowerOrGreaterThanUpperThreshold"}, "anomaly"),
        ({**ALARM, "comparison_operator": "Above"}, "ComparisonOperator must be"),
        ({**ALARM, "treat_missing_data": "bad"}, "TreatMissingData must be"),
        ({**ALARM, "threshold": None}, "Threshold is required"),
        ({**ALARM, "alarm_actions": ["arn:aws:automate:us-east-1:ec2:stop"]}, "only notify SNS topics"),
        ({**ALARM, "metric_name": None}, "either MetricName"),
        ({**ALARM, "extended_statistic": "p9"}, "Exactly one of Statistic"),
        ({**ALARM, "statistic": None, "extended_statistic": "tm90"}, "statistic tm90"),
        ({**ALARM, "period": 45}, "multiple of 60"),
        ({**ALARM, "evaluation_periods": 0}, "EvaluationPeriods must be"),
        ({**ALARM, "datapoints_to_alarm": 3}, "DatapointsToAlarm must be"),
        ({**ALARM, "evaluation_periods": 1441}, "86400 seconds"),
        ({**METRICS, "metric_data_queries": [stat("a"), stat("b")]}, "Exactly one element"),
        ({**METRICS, "metric_data_queries": [stat("a", returns=True), stat("a")]}, "unique"),
        ({**METRICS, "metric_data_queries": [stat("a"), math("a + b")]}, r"\['b'\]"),
        ({**METRICS, "metric_data_queries": [stat("a"), math("e + 1")]}, r"\['e'\]"),
        ({**METRICS, "metric_data_queries": [stat("a"), math("SUM(METRICS())")]}, "function SUM"),
        ({**METRICS, "metric_data_queries": [stat("a"), stat("b", period=300), math("a + b")]}, "same period"),
        ({**METRICS, "metric_data_queries": [stat("a", statistic="wm9"), math("a")]}, "statistic wm9"),
        ({**ALARM, "metric_data_queries": [stat("a", returns=True)]}, "together with Metrics"),
        ({**ALARM, "evaluate_low_sample_count_percentile": "ignore"}, "EvaluateLowSampleCountPercentile"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused(alarm: dict[str, Any], reason: str) -> None:
    with pytest.raises(CloudWatchException) as refused:
        check(alarm)
    assert refused.match(reason)


@pytest.mark.parametrize(
    "alarm",
    [
        ALARM,
        {**ALARM, "period": 10, "datapoints_to_alarm": 1, "treat_missing_data": "ignore"},
        {**ALARM, "evaluation_periods": 7, "period": 86_400, "alarm_actions": ["arn:aws:sns:us-east-1:1:t"]},
        {**METRICS, "metric_data_queries": [stat("a"), math("a * 2")]},
        {**METRICS, "metric_data_queries": [stat("a", returns=None)]},
    ],
    ids=["plain", "short", "week", "expression", "metric"],
)
def test_accepted(alarm: dict[str, Any]) -> None:
    check(alarm)
