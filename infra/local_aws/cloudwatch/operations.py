"""CloudWatch's operations that create, change, show and evaluate alarms."""

import functools
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from moto.cloudwatch.exceptions import InvalidFormat, InvalidParameterValue, ResourceNotFound, ValidationError
from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from . import settings
from .alarms import Alarms
from .evaluation import STATES
from .metrics import in_utc

_PAGE = 100


def putting_alarm(original: Callable[..., Alarm], alarms: Alarms) -> Callable[..., Alarm]:
    """`CloudWatchBackend.put_metric_alarm` that refuses unsupported alarms, keeps the state, and evaluates."""

    @functools.wraps(original)
    def put_metric_alarm(self: CloudWatchBackend, name: str, **definition: Any) -> Alarm:
        settings.check(definition)
        former = self.alarms.get(name)
        alarm = original(self, name, **definition)
        alarms.created(alarm, former)
        alarms.evaluate(self)
        return alarm

    return put_metric_alarm


def putting_data(original: Callable[..., None], alarms: Alarms) -> Callable[..., None]:
    """`CloudWatchBackend.put_metric_data` that then evaluates the alarms on these metrics."""

    @functools.wraps(original)
    def put_metric_data(self: CloudWatchBackend, namespace: str, metric_data: list[dict[str, Any]]) -> None:
        original(self, namespace, metric_data)
        alarms.evaluate(self, {(namespace, datum["MetricName"]) for datum in metric_data})

    return put_metric_data


def after_evaluating(operation: Callable[..., ActionResult], alarms: Alarms) -> Callable[..., ActionResult]:
    """An operation of the API that first evaluates alarms."""

    @functools.wraps(operation)
    def operate(self: CloudWatchResponse) -> ActionResult:
        alarms.evaluate(self.cloudwatch_backend)
        return operation(self)

    return operate


def set_alarm_state(
    self: CloudWatchBackend, alarms: Alarms, alarm_name: str, reason: str, reason_data: str | None, state_value: str
) -> None:
    """SetAlarmState, with its history and its actions."""
    if alarm_name not in self.alarms:
        raise ResourceNotFound
    if state_value not in STATES:
        raise ValidationError(
            f"1 validation error detected: Value '{state_value}' at 'stateValue' failed to satisfy constraint: "
            "Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]"
        )
    try:
        json.loads(reason_data or "{}")
    except ValueError:
        raise InvalidFormat("StateReasonData is not valid JSON") from None
    alarms.set_state(self.alarms[alarm_name], state_value, reason, reason_data)


def describe_alarm_history(self: CloudWatchResponse, alarms: Alarms) -> ActionResult:
    """DescribeAlarmHistory: newest first, unless ScanBy asks for the opposite order."""
    backend = self.cloudwatch_backend
    alarms.evaluate(backend)
    name = self._get_param("AlarmName")
    kind = self._get_param("HistoryItemType")
    start_date = self._get_param("StartDate")
    end_date = self._get_param("EndDate")
    items = [
        item
        for alarm in list(backend.alarms.values())
        for item in alarm.history
        if name in (None, alarm.name)
        and kind in (None, item["HistoryItemType"])
        and _is_within(item, start_date, end_date)
    ]
    items.sort(key=lambda item: item["Timestamp"])  # stable: events in the same millisecond keep their order
    if self._get_param("ScanBy") != "TimestampAscending":
        items.reverse()
    start = _page(self._get_param("NextToken"))
    limit = int(self._get_param("MaxRecords") or _PAGE)
    history = [item | {"Timestamp": _time(item)} for item in items[start : start + limit]]
    page: dict[str, Any] = {"AlarmHistoryItems": history}
    return ActionResult(page | ({"NextToken": str(start + limit)} if start + limit < len(items) else {}))


def _page(token: str | None) -> int:
    if token and not token.isdecimal():
        raise InvalidParameterValue("The token in NextToken is not one that was given out")
    return int(token or 0)


def _time(item: dict[str, str]) -> datetime:
    return datetime.strptime(item["Timestamp"], "%Y-%m-%dT%H:%M:%S.%f%z")


def _is_within(item: dict[str, str], start: datetime | None, end: datetime | None) -> bool:
    at = _time(item)
    return (start is None or in_utc(start) <= at) and (end is None or at <= in_utc(end))
