"""Alarms through boto3, and their messages as files."""

import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws
from infra.local_aws.tests.conftest import Client


@pytest.fixture
def name() -> str:
    return f"alarm-{uuid.uuid4().hex[:12]}"


def definition(name: str, **more: Any) -> dict[str, Any]:
    return {
        "AlarmName": name, "Namespace": name, "MetricName": "errors", "Statistic": "Maximum", "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", **more,
    }  # fmt: skip


def state(cloudwatch: Any, name: str) -> str:
    [alarm] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(alarm["StateValue"])


def test_an_alarm_over_its_threshold_is_in_alarm_and_its_topic_hears_of_it(
    client: Client, server: LocalAws, name: str
) -> None:
    cloudwatch = client("cloudwatch")
    topic = client("sns").create_topic(Name=name)["TopicArn"]
    cloudwatch.put_metric_alarm(**definition(name, AlarmActions=[topic]))
    assert state(cloudwatch, name) == "INSUFFICIENT_DATA"
    cloudwatch.put_metric_data(Namespace=name, MetricData=[{"MetricName": "errors", "Value": 2}])
    assert state(cloudwatch, name) == "ALARM"
    [file] = [path for path in (server.state_dir / "sns").glob("*.txt") if name in path.name]
    assert f'Subject: ALARM: "{name}" in US East (N. Virginia)' in file.read_text()
    assert '"NewStateValue": "ALARM"' in file.read_text()
    history = cloudwatch.describe_alarm_history(AlarmName=name)["AlarmHistoryItems"]
    assert [item["HistoryItemType"] for item in history] == ["Action", "StateUpdate", "ConfigurationUpdate"]
    assert history[0]["HistorySummary"] == f"Successfully executed action {topic}"
    [update] = cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType="StateUpdate")["AlarmHistoryItems"]
    assert update["HistorySummary"] == "Alarm updated from INSUFFICIENT_DATA to ALARM"
    cloudwatch.delete_alarms(AlarmNames=[name])


def test_a_state_can_be_set(client: Client, name: str) -> None:
    cloudwatch = client("cloudwatch")
    cloudwatch.put_metric_alarm(**definition(name))
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a drill")
    assert state(cloudwatch, name) == "ALARM"
    for wrong in ({"AlarmName": "no-such"}, {"StateValue": "BAD"}, {"StateReasonData": "{broken"}):
        with pytest.raises(ClientError) as refused:
            cloudwatch.set_alarm_state(**{"AlarmName": name, "StateValue": "OK", "StateReason": "x"} | wrong)
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500
    cloudwatch.delete_alarms(AlarmNames=[name])


def test_metric_math_is_evaluated(client: Client, name: str) -> None:
    cloudwatch = client("cloudwatch")
    plain = definition(name, Threshold=50)
    for one_metric in ("Namespace", "MetricName", "Statistic", "Period"):
        del plain[one_metric]
    metrics = [
        {"Id": metric, "ReturnData": False, "MetricStat": {
            "Metric": {"Namespace": name, "MetricName": metric}, "Period": 60, "Stat": "Sum"}}
        for metric in ("errors", "calls")
    ]  # fmt: skip
    cloudwatch.put_metric_alarm(**plain, Metrics=[{"Id": "share", "Expression": "100 * errors / calls"}, *metrics])
    data = [{"MetricName": "errors", "Value": 6}, {"MetricName": "calls", "Values": [5.0], "Counts": [2.0]}]
    cloudwatch.put_metric_data(Namespace=name, MetricData=data)
    assert state(cloudwatch, name) == "ALARM"
    cloudwatch.delete_alarms(AlarmNames=[name])


def test_what_is_not_evaluated_is_refused(client: Client, name: str) -> None:
    with pytest.raises(ClientError, match="The local CloudWatch does not support this: the action arn:aws:automate"):
        client("cloudwatch").put_metric_alarm(**definition(name, AlarmActions=["arn:aws:automate:us-east-1:ec2:stop"]))
