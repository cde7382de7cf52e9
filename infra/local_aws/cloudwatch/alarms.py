"""Evaluates the alarms of this server: when data is put, when a call reads alarms, and every few seconds.

A change of state is stored in the alarm's history and sent to the topics of its actions. An alarm sends no
message while its actions are disabled, or if its state stays the same.
"""

import logging
import threading
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend, cloudwatch_backends

from .datapoints import EvaluationWindow
from .evaluation import Rule, evaluate, range_of
from .metrics import in_utc, period_of, points_of, returned_query, watched_metrics
from .notifications import NotSent, send
from .reasons import Point, as_text, data, sentence, stamp

_LOG = logging.getLogger(__name__)
_SECONDS_BETWEEN = 10
_UNTIL_NEXT = timedelta(minutes=1)
_HISTORY = timedelta(days=14)
_DATA = timedelta(days=15)
"""How long metrics are stored: longer than any alarm looks back. CloudWatch keeps minutes for as long."""
_ACTIONS = {"ALARM": "alarm_actions", "OK": "ok_actions", "INSUFFICIENT_DATA": "insufficient_data_actions"}


class Alarms:
    """The evaluation of all alarms.

    Args:
        save: called after the timer has changed a state.
        clock: returns the current time, in UTC.
    """

    def __init__(self, save: Callable[[], None], clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._save = save
        self._clock = clock
        self._lock = threading.RLock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Evaluates every few seconds, until `close`, because missing data only shows as time passes."""
        self._thread = threading.Thread(target=self._run, name="cloudwatch-alarms", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops the thread."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def evaluate(self, backend: CloudWatchBackend, metrics: Collection[tuple[str, str]] | None = None) -> bool:
        """Evaluates the alarms of an account and region; returns whether a state changed.

        Args:
            backend: of the account and region.
            metrics: namespaces and names; only alarms on these metrics are evaluated. None: all alarms.
        """
        with self._lock:
            time = self._clock()
            oldest = time - _DATA
            if backend.metric_data and in_utc(backend.metric_data[0].timestamp) < oldest:
                backend.metric_data = [datum for datum in backend.metric_data if in_utc(datum.timestamp) >= oldest]
            due_alarms = [alarm for alarm in list(backend.alarms.values()) if _is_due(alarm, metrics, time)]
            changed = [alarm for alarm in due_alarms if _evaluate(alarm, backend, time)]
            return bool(changed)

    def set_state(self, alarm: Alarm, state: str, reason: str, reason_data: str | None) -> None:
        """Sets an alarm's state for a minute, after which CloudWatch would evaluate it again."""
        with self._lock:
            time = self._clock()
            alarm.state_is_set_until = _naive(time + _UNTIL_NEXT)
            _change(alarm, state, reason, reason_data or "", time)

    def created(self, alarm: Alarm, former: Alarm | None) -> None:
        """Initialises a new or changed alarm: a new one has no data yet; a changed one keeps its state."""
        with self._lock:
            time = self._clock()
            if former is None:
                alarm.state_value = "INSUFFICIENT_DATA"
                alarm.state_updated_timestamp = _naive(time)
                alarm.state_transitioned_timestamp = _naive(time)
                alarm.state_reason_data = ""
            else:
                for name in ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp"):
                    setattr(alarm, name, getattr(former, name))
                alarm.state_transitioned_timestamp = getattr(former, "state_transitioned_timestamp", _naive(time))
                alarm.history = former.history
            verb = "created" if former is None else "updated"
            _note(alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" {verb}', {"version": "1.0"}, time)

    def _run(self) -> None:
        while not self._stopped.wait(_SECONDS_BETWEEN):
            try:
                changed = [self.evaluate(backend) for _, _, backend in list(cloudwatch_backends.iter_backends())]
                if any(changed):
                    self._save()
            except Exception:  # noqa: BLE001  one bad alarm, or a full disk: the next round tries again
                _LOG.exception("could not evaluate alarms")


def rule_of(alarm: Alarm) -> Rule:
    """The alarm's rule about its data points."""
    periods = int(alarm.evaluation_periods)
    return Rule(
        comparison=alarm.comparison_operator,
        threshold=float(alarm.threshold),
        periods=periods,
        to_alarm=int(alarm.datapoints_to_alarm or periods),
        missing=alarm.treat_missing_data or "missing",
    )


def _is_due(alarm: Alarm, metrics: Collection[tuple[str, str]] | None, time: datetime) -> bool:
    fixed_until = getattr(alarm, "state_is_set_until", None)
    return (fixed_until is None or in_utc(fixed_until) <= time) and (
        metrics is None or not watched_metrics(alarm).isdisjoint(metrics)
    )


def _evaluate(alarm: Alarm, backend: CloudWatchBackend, time: datetime) -> bool:
    rule = rule_of(alarm)
    seconds = period_of(alarm)
    window = EvaluationWindow.until(time, seconds, range_of(rule.periods, seconds))
    values = points_of(alarm, backend, window)
    state = evaluate(rule, values)
    if state is None or state == alarm.state_value:
        return False
    pairs = zip(reversed(window.starts), reversed(values), strict=True)
    real = [Point(at, value) for at, value in pairs if value is not None][: rule.periods]
    reason = sentence(rule, real, state, alarm.state_value)
    _change(alarm, state, reason, as_text(data(rule, real, _statistic(alarm), seconds, time)), time)
    return True


def _statistic(alarm: Alarm) -> str | None:
    if not alarm.metric_data_queries:
        statistic: str | None = alarm.statistic or alarm.extended_statistic
        return statistic
    result = returned_query(alarm.metric_data_queries)
    return result.metric_stat.stat if result.metric_stat is not None else None


def _change(alarm: Alarm, state: str, reason: str, reason_data: str, time: datetime) -> None:
    old_state = {"stateValue": alarm.state_value, "stateReason": alarm.state_reason}
    new_state = {"stateValue": state, "stateReason": reason}
    if reason_data:
        new_state["stateReasonData"] = reason_data
    alarm.state_value = state
    alarm.state_reason = reason
    alarm.state_reason_data = reason_data
    alarm.state_updated_timestamp = _naive(time)
    if old_state["stateValue"] == state:
        return
    alarm.state_transitioned_timestamp = _naive(time)
    summary = f"Alarm updated from {old_state['stateValue']} to {state}"
    _note(alarm, "StateUpdate", summary, {"version": "1.0", "oldState": old_state, "newState": new_state}, time)
    if alarm.actions_enabled:
        for action in getattr(alarm, _ACTIONS[state]) or []:
            _act(alarm, action, old_state["stateValue"], time)


def _act(alarm: Alarm, action: str, old_state: str, time: datetime) -> None:
    try:
        send(action, alarm, old_state, time)
        summary = f"Successfully executed action {action}"
        error = None
    except (NotSent, OSError) as failure:
        summary = f"Failed to execute action {action}. Received error: {failure}"
        error = str(failure)
    content = {"actionState": "Failed" if error else "Succeeded", "notificationResource": action, "error": error}
    _note(alarm, "Action", summary, content, time)


def _note(alarm: Alarm, kind: str, summary: str, content: dict[str, Any], time: datetime) -> None:
    item = {"AlarmName": alarm.name, "AlarmType": "MetricAlarm", "HistoryItemType": kind, "HistorySummary": summary}
    entries = [entry for entry in alarm.history if entry["Timestamp"] >= stamp(time - _HISTORY)]
    alarm.history = [*entries, {**item, "Timestamp": stamp(time), "HistoryData": as_text(content)}]


def _naive(time: datetime) -> datetime:
    """A time as moto stores it: UTC without a zone."""
    return time.replace(tzinfo=None)
