"""Patches of moto's CloudWatch: alarms are evaluated."""

from __future__ import annotations

from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse

from ..patching import Patch, apply, bound
from . import operations
from .alarms import Alarms

_STATE = "moto's alarms stay OK, whatever their metrics are"

PATCHES = (
    Patch(CloudWatchBackend, "put_metric_alarm", "5.2.5 aff786ddccbc", _STATE, operations.putting_alarm),
    Patch(CloudWatchBackend, "put_metric_data", "5.2.5 300dda002442", _STATE, operations.putting_data),
    Patch(
        CloudWatchBackend,
        "set_alarm_state",
        "5.2.5 a25532144b2a",
        "moto runs no actions",
        bound(operations.set_alarm_state),
    ),
    Patch(CloudWatchResponse, "describe_alarms", "5.2.5 f660829b233b", _STATE, operations.after_evaluating),
    Patch(CloudWatchResponse, "describe_alarms_for_metric", "5.2.5 c6266fa9fe02", _STATE, operations.after_evaluating),
    Patch(
        CloudWatchResponse,
        "describe_alarm_history",
        "5.2.5 absent",
        "moto has no history of alarms",
        bound(operations.describe_alarm_history),
    ),
)


def install(alarms: Alarms) -> None:
    """Evaluates the alarms of this process."""
    apply(PATCHES, alarms)
