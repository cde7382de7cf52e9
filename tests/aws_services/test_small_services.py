"""Secrets stay secret; messages and metrics fit what AWS takes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import boto3
import pytest
from pydantic import SecretStr

from aws_services import resources
from aws_services.cloudwatch import CloudWatch
from aws_services.errors import NotFound
from aws_services.secrets import SecretsManager
from aws_services.sns import Sns

pytestmark = pytest.mark.usefixtures("mocked_aws")
CANARY = "k3y-canary-0987654321"


def test_a_secret_is_created_then_replaced() -> None:
    secrets = SecretsManager()
    for value in ("first", CANARY):
        secrets.put("boxoffice/key", SecretStr(value))
        assert secrets.get("boxoffice/key").get_secret_value() == value


def test_a_secret_is_in_no_repr_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    SecretsManager().put("boxoffice/key", SecretStr(CANARY))
    secret = SecretsManager().get("boxoffice/key")
    assert CANARY not in f"{secret!r} {secret} {[secret]}"
    assert CANARY not in caplog.text


def test_a_secret_without_a_value_is_not_found() -> None:
    with pytest.raises(NotFound, match="GetSecretValue of boxoffice/none"):
        SecretsManager().get("boxoffice/none")
    boto3.client("secretsmanager").create_secret(Name="boxoffice/placeholder")
    with pytest.raises(NotFound):
        SecretsManager().get("boxoffice/placeholder")


def test_an_alert_reaches_the_subscribers() -> None:
    queue = boto3.client("sqs").create_queue(QueueName="inbox")["QueueUrl"]
    topic = boto3.client("sns").create_topic(Name="alerts")["TopicArn"]
    boto3.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{resources.ACCOUNT}:inbox"
    )
    Sns().publish(topic, f"tíckets\nfailed {'x' * 200}", "Why: ü")
    received = json.loads(boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"][0]["Body"])
    assert received["Message"] == "Why: ü"
    assert received["Subject"].startswith("t?ckets failed xxx")
    assert len(received["Subject"]) == 99


def test_an_alert_to_no_topic_is_an_error() -> None:
    with pytest.raises(NotFound):
        Sns().publish("arn:aws:sns:us-east-1:123456789012:none", "subject", "message")


def test_metrics_are_recorded_in_batches() -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    values = {f"rows_{number}": float(number) for number in range(1001)}
    CloudWatch().put_metrics("Boxoffice", values, dimensions={"pipeline": "ticketmaster_daily"}, at=at)
    metrics = boto3.client("cloudwatch").get_paginator("list_metrics").paginate(Namespace="Boxoffice")
    sent_metrics = [metric for page in metrics for metric in page["Metrics"]]
    assert len(sent_metrics) == 1001
    assert sent_metrics[0]["Dimensions"] == [{"Name": "pipeline", "Value": "ticketmaster_daily"}]
