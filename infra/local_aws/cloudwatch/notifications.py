"""The message that an alarm sends to an SNS topic when its state changes, in CloudWatch's format.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
"""

import functools
import json
from datetime import datetime
from typing import Any

import botocore.session
from moto.cloudwatch.models import Alarm, MetricDataQuery
from moto.sns.models import sns_backends

from .metrics import in_utc
from .reasons import stamp

_LONGEST_SUBJECT = 100


class NotSent(LookupError):
    """The topic does not exist."""


def send(topic_arn: str, alarm: Alarm, old_state: str, at: datetime) -> None:
    """Publishes a change of state. Raises NotSent if the topic does not exist.

    Args:
        topic_arn: the topic.
        alarm: the alarm with its new state.
        old_state: its state before the change.
        at: when it changed.
    """
    region, account = topic_arn.split(":")[3:5]
    topic = sns_backends[account][region].topics.get(topic_arn)
    if topic is None:
        raise NotSent(f"Topic does not exist: {topic_arn}")
    subject = f'{alarm.state_value}: "{alarm.name}" in {region_name(alarm.region_name)}'
    topic.publish(json.dumps(message(alarm, old_state, at)), subject=subject[:_LONGEST_SUBJECT])


def message(alarm: Alarm, old_state: str, at: datetime) -> dict[str, Any]:
    """The message about a change of state."""
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": alarm.alarm_arn.split(":")[4],
        "AlarmConfigurationUpdatedTimestamp": stamp(in_utc(alarm.configuration_updated_timestamp)),
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": stamp(at),
        "Region": region_name(alarm.region_name),
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": old_state,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "Trigger": _trigger(alarm),
    }


@functools.cache
def region_name(region: str) -> str:
    """The name of a region for people, such as `US East (N. Virginia)`."""
    for partition in botocore.session.get_session().get_data("endpoints")["partitions"]:
        if region in partition["regions"]:
            return str(partition["regions"][region]["description"])
    return region


def _trigger(alarm: Alarm) -> dict[str, Any]:
    rule = {
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints_to_alarm or alarm.evaluation_periods,
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.treat_missing_data or "missing",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }
    if alarm.metric_data_queries:
        return {"Period": alarm.period, **rule, "Metrics": [_query(query) for query in alarm.metric_data_queries]}
    kind = "Statistic" if alarm.statistic else "ExtendedStatistic"
    return {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        "StatisticType": kind,
        kind: (alarm.statistic or "").upper() or alarm.extended_statistic,
        "Unit": alarm.unit,
        "Dimensions": _dimensions(alarm.dimensions),
        "Period": alarm.period,
        **rule,
    }


def _query(query: MetricDataQuery) -> dict[str, Any]:
    content = {"Id": query.id, "Label": query.label, "ReturnData": query.return_data is None or query.return_data}
    if query.metric_stat is None:
        return content | {"Expression": query.expression}
    metric = query.metric_stat.metric
    described = {
        "Dimensions": _dimensions(metric.dimensions),
        "MetricName": metric.metric_name,
        "Namespace": metric.namespace,
    }
    return content | {
        "MetricStat": {"Metric": described, "Period": query.metric_stat.period, "Stat": query.metric_stat.stat}
    }


def _dimensions(dimensions: Any) -> list[dict[str, str]]:
    return [{"value": dimension.value, "name": dimension.name} for dimension in dimensions]
