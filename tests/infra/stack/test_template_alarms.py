"""Each alarm of the account's template goes off when it should, and back, and the alert topic hears of it.

`AWS/Redshift-Serverless` is Redshift's own metric, which the local AWS does not publish: that alarm is driven by hand.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.cloudwatch.models import Alarm, CloudWatchBackend, cloudwatch_backends
from moto.sns.models import sns_backends

from aws_services import resources
from infra.local_aws.cloudwatch.alarms import Alarms
from infra.local_aws.cloudwatch.settings import check
from infra.stack.template import alarms

REGION = "us-east-1"
TEMPLATE = Path(__file__).resolve().parents[3] / "infra" / "aws" / "dev.template.json"
DEFINITIONS = {
    definition["AlarmName"].removeprefix("boxoffice-test-"): definition
    for definition in alarms(TEMPLATE, account=resources.ACCOUNT, region=REGION, suffix="test")
}
START = datetime(2026, 11, 30, 2, 30, tzinfo=UTC)
DAY = timedelta(days=1, minutes=1)
Metrics = dict[str, float]
DRIVEN: dict[str, tuple[Metrics, timedelta, Metrics]] = {
    "failed": ({"failed_runs": 1}, timedelta(minutes=20), {"failed_runs": 0}),
    "quality": ({"quality_score": 89.9}, DAY, {"quality_score": 90}),
    "rejects": ({"raw_records": 100, "quarantined_records": 6}, DAY, {"raw_records": 100, "quarantined_records": 5}),
    "silent": ({"succeeded_runs": 0}, timedelta(hours=1), {"succeeded_runs": 1}),
    "WarehouseCompute": ({"ComputeSeconds": 69_121}, DAY, {"ComputeSeconds": 10}),
}
"""Of each kind of alarm: metrics that set it off, the time until the next, and metrics that end it."""


pytestmark = pytest.mark.usefixtures("mocked_aws")


def put(backend: CloudWatchBackend, definition: dict[str, Any], metrics: Metrics, at: datetime) -> None:
    stats = [query["MetricStat"]["Metric"] for query in definition.get("Metrics", []) if "MetricStat" in query]
    metric = stats[0] if stats else definition
    for name, value in metrics.items():
        datum = {"MetricName": name, "Value": value, "Dimensions": metric["Dimensions"]}
        backend.put_metric_data(metric["Namespace"], [datum | {"Timestamp": at.replace(tzinfo=None)}])


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
def test_each_alarm_goes_off_and_back(name: str) -> None:
    definition = DEFINITIONS[name]
    [topic_arn] = definition["AlarmActions"]
    client = {"region_name": REGION, "aws_access_key_id": "x", "aws_secret_access_key": "x"}
    created = boto3.client("sns", **client).create_topic(Name=topic_arn.rpartition(":")[2])  # type: ignore[call-overload]
    assert created["TopicArn"] == topic_arn, "the template's reference to its topic is resolved"
    boto3.client("cloudwatch", **client).put_metric_alarm(**definition)  # type: ignore[call-overload]
    backend, now = cloudwatch_backends[resources.ACCOUNT][REGION], START
    evaluation = Alarms(lambda: None, lambda: now)
    alarm: Alarm = backend.alarms[definition["AlarmName"]]
    check({**vars(alarm)})
    evaluation.created(alarm, None)
    bad, pause, good = DRIVEN[name.rpartition("-")[2]]

    put(backend, definition, bad, now)
    evaluation.evaluate(backend)
    assert alarm.state_value == "ALARM"
    [(_, message, subject, *_)] = sns_backends[resources.ACCOUNT][REGION].topics[topic_arn].sent_notifications
    assert subject == f'ALARM: "{alarm.name}" in US East (N. Virginia)'
    assert json.loads(message)["AlarmDescription"] == definition["AlarmDescription"]

    now += pause
    put(backend, definition, good, now)
    evaluation.evaluate(backend)
    assert alarm.state_value == "OK"


def test_a_pipeline_that_never_ran_is_silent() -> None:
    """Missing data is breaching: the alarm goes off though nothing was ever put."""
    silent = [definition for name, definition in DEFINITIONS.items() if name.endswith("-silent")]
    assert [definition["TreatMissingData"] for definition in silent] == ["breaching"] * len(silent)
    assert silent
