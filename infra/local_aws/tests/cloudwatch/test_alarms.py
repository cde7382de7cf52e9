"""Alarms change with their data and with time, and say so: the clock is the test's own."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.sns.models import sns_backends

from infra.local_aws.cloudwatch.alarms import Alarms

ACCOUNT, REGION = "210987654321", "eu-west-1"
START = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


class World:
    """A CloudWatch, its clock, and a topic."""

    def __init__(self) -> None:
        self.now = START
        self.backend = CloudWatchBackend(REGION, ACCOUNT)
        self.alarms = Alarms(lambda: None, lambda: self.now)
        self.topic = sns_backends[ACCOUNT][REGION].create_topic("told")
        self.topic.sent_notifications.clear()

    def alarm(self, **more: Any) -> Alarm:
        definition = {
            "namespace": "Shop", "metric_name": "errors", "statistic": "Sum", "period": 60, "evaluation_periods": 1,
            "threshold": 5.0, "comparison_operator": "GreaterThanThreshold", "description": "too many errors",
            "dimensions": [{"Name": "Shop", "Value": "Graz"}], "alarm_actions": [self.topic.arn],
        }  # fmt: skip
        former = self.backend.alarms.get("a")
        alarm = self.backend.put_metric_alarm("a", **{**definition, **more})
        self.alarms.created(alarm, former)
        self.alarms.evaluate(self.backend)
        return alarm

    def put(self, value: float, shop: str = "Graz", **more: Any) -> None:
        datum = {"MetricName": "errors", "Value": value, "Timestamp": self.now.replace(tzinfo=None)}
        self.backend.put_metric_data("Shop", [datum | {"Dimensions": [{"Name": "Shop", "Value": shop}]} | more])
        self.alarms.evaluate(self.backend)

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)
        self.alarms.evaluate(self.backend)

    def sent(self) -> list[tuple[str, dict[str, Any]]]:
        return [(subject, json.loads(message)) for _, message, subject, *_ in self.topic.sent_notifications]


@pytest.fixture
def world() -> World:
    return World()


def test_an_alarm_begins_without_data_and_follows_it(world: World) -> None:
    alarm = world.alarm()
    assert alarm.state_value == "INSUFFICIENT_DATA"
    assert alarm.state_reason == "Unchecked: Initial alarm creation"
    world.put(5)
    assert alarm.state_value == "OK"
    world.put(1)
    assert alarm.state_value == "ALARM", "the sum of the minute is 6"
    assert alarm.state_reason == (
        "Threshold Crossed: 1 out of the last 1 datapoints [6.0 (30/11/26 12:00:00)] was greater than the threshold "
        "(5.0) (minimum 1 datapoint for OK -> ALARM transition)."
    )
    world.wait(minutes=1)
    world.put(0)
    assert alarm.state_value == "OK"
    assert alarm.state_reason.endswith(
        "[0.0 (30/11/26 12:01:00)] was not greater than the threshold (5.0) "
        "(minimum 1 datapoint for ALARM -> OK transition)."
    )
    world.wait(minutes=5)
    assert (alarm.state_value, alarm.state_reason) == (
        "INSUFFICIENT_DATA",
        "Insufficient Data: 1 datapoint was unknown.",
    )


def test_other_metrics_do_not_count(world: World) -> None:
    alarm = world.alarm(unit="Count")
    world.put(9, shop="Linz", Unit="Count")
    world.put(9, Unit="Seconds")
    world.put(9, Unit="Count", Dimensions=[])
    assert alarm.state_value == "INSUFFICIENT_DATA"
    world.put(9, Unit="Count")
    assert alarm.state_value == "ALARM"


def test_the_topic_gets_cloudwatchs_message_once(world: World) -> None:
    world.alarm(ok_actions=[world.topic.arn])
    world.put(6)
    world.put(6)
    world.wait(seconds=20)
    [(subject, message)] = world.sent()
    assert subject == 'ALARM: "a" in Europe (Ireland)'
    expected = {
        "AlarmName": "a",
        "AlarmDescription": "too many errors",
        "AWSAccountId": ACCOUNT,
        "NewStateValue": "ALARM",
        "OldStateValue": "INSUFFICIENT_DATA",
        "StateChangeTime": "2026-11-30T12:00:00.000+0000",
        "Region": "Europe (Ireland)",
        "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:a",
        "AlarmActions": [world.topic.arn],
    }
    assert {name: message[name] for name in expected} == expected
    assert message["NewStateReason"].startswith("Threshold Crossed: 1 out of the last 1 datapoints [6.0")
    assert message["Trigger"]["Dimensions"] == [{"value": "Graz", "name": "Shop"}]
    assert (message["Trigger"]["Statistic"], message["Trigger"]["Threshold"]) == ("SUM", 5.0)
    world.wait(minutes=1)
    world.put(0)
    assert [change["NewStateValue"] for _, change in world.sent()] == ["ALARM", "OK"]


def test_disabled_actions_send_nothing(world: World) -> None:
    alarm = world.alarm(actions_enabled=False)
    world.put(6)
    assert (alarm.state_value, world.sent()) == ("ALARM", [])


def test_a_topic_that_is_gone_is_noted_in_the_history(world: World) -> None:
    alarm = world.alarm(alarm_actions=[f"arn:aws:sns:{REGION}:{ACCOUNT}:gone"])
    world.put(6)
    assert alarm.state_value == "ALARM"
    assert [item["HistorySummary"] for item in alarm.history] == [
        'Alarm "a" created',
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        f"Failed to execute action arn:aws:sns:{REGION}:{ACCOUNT}:gone. Received error: Topic does not exist: "
        f"arn:aws:sns:{REGION}:{ACCOUNT}:gone",
    ]


def test_missing_data_shows_with_time_alone(world: World) -> None:
    alarm = world.alarm(treat_missing_data="breaching", period=3600)
    assert alarm.state_value == "ALARM"
    assert alarm.state_reason == (
        "Threshold Crossed: no datapoints were received for 1 period "
        "and 1 missing datapoint was treated as [Breaching]."
    )
    world.put(0)
    assert alarm.state_value == "OK"
    world.wait(hours=2, minutes=59)
    assert alarm.state_value == "OK", "within the range of three periods"
    world.wait(minutes=2)
    assert alarm.state_value == "ALARM"


def test_two_of_three(world: World) -> None:
    alarm = world.alarm(evaluation_periods=3, datapoints_to_alarm=2)
    for value, state in ((9, "INSUFFICIENT_DATA"), (0, "OK"), (9, "ALARM"), (0, "OK"), (0, "OK")):
        world.put(value)
        assert alarm.state_value == state
        world.wait(minutes=1)


def test_a_changed_alarm_keeps_its_state_until_its_data_says_otherwise(world: World) -> None:
    world.alarm()
    world.put(6)
    changed = world.alarm(description="changed")
    assert changed.state_value == "ALARM"
    assert len(world.sent()) == 1
    assert world.alarm(threshold=10.0).state_value == "OK"
    assert [item["HistoryItemType"] for item in changed.history].count("ConfigurationUpdate") == 2


def test_a_state_that_was_set_holds_for_a_minute(world: World) -> None:
    alarm = world.alarm()
    world.put(0)
    world.alarms.set_state(alarm, "ALARM", "a test", None)
    world.wait(seconds=30)
    assert (alarm.state_value, alarm.state_reason, len(world.sent())) == ("ALARM", "a test", 1)
    world.alarms.set_state(alarm, "ALARM", "again", None)
    assert (alarm.state_reason, len(world.sent())) == ("again", 1), "the state did not change"
    world.wait(seconds=61)
    assert alarm.state_value == "OK"


def test_old_metrics_and_history_are_dropped(world: World) -> None:
    alarm = world.alarm(treat_missing_data="ignore")
    world.put(9)
    world.wait(days=16)
    world.put(0)
    assert len(world.backend.metric_data) == 1
    assert [item["HistoryItemType"] for item in alarm.history] == ["StateUpdate"]
