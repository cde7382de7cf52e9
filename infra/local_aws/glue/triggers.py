"""Fires triggers: on demand, by the clock, and when jobs and crawlers that a trigger started have ended.

The clock also starts crawlers that have their own schedule.

As in Glue, a conditional trigger only considers runs that a trigger started. It fires when its predicate is true: all
of its conditions since it last fired (AND), or any of them (ANY). A scheduled trigger fires in its minute (UTC) while
it is ACTIVATED; minutes that passed while the server was down are not caught up. An on-demand trigger stays CREATED.
If an action can't start (too many runs, a running crawler, a deleted job), the others still start. StartTrigger returns
its error; any other firing logs it.

Source: https://docs.aws.amazon.com/glue/latest/dg/about-triggers.html
"""

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.glue.models import FakeCrawler, FakeTrigger, GlueBackend, glue_backends

from .cron import InvalidSchedule, Schedule

_LOG = logging.getLogger(__name__)
_SECONDS_BETWEEN = 5


class Triggers:
    """The triggers of this server.

    Args:
        save: called after conditions were met or a trigger fired by itself.
        clock: returns the current time, in UTC.
    """

    def __init__(self, save: Callable[[], None], clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._save = save
        self._clock = clock
        self._lock = threading.RLock()
        self._minute = _minute_of(clock())
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Checks the clock every few seconds, until `close`."""
        self._thread = threading.Thread(target=self._run, name="glue-triggers", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops the thread."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def fire(self, trigger: FakeTrigger) -> None:
        """Starts all actions of the trigger. Raises the first error of an action that failed; OSError: a full disk."""
        errors: list[JsonRESTError | OSError] = []
        for action in trigger.actions:
            try:
                _start(trigger, action)
            except (JsonRESTError, OSError) as error:
                errors.append(error)
                _LOG.warning("trigger %s could not start %s: %s", trigger.name, action.as_dict(), error)
        if errors:
            raise errors[0]

    def ended(self, backend: GlueBackend, kind: str, name: str, state: str) -> None:
        """Fires the triggers that waited for a run that a trigger started and that has ended.

        Args:
            backend: of the account and region.
            kind: `JobName` or `CrawlerName`.
            name: of the job or crawler.
            state: its final state, in the terms of conditions.
        """
        with self._lock:
            waiting = [trigger for trigger in list(backend.triggers.values()) if _is_waiting(trigger)]
            due_triggers = [trigger for trigger in waiting if _is_met(trigger, kind, name, state)]
        for trigger in due_triggers:
            self._fire_quietly(trigger)
        if waiting:
            self._save_conditions()

    def _save_conditions(self) -> None:
        with contextlib.suppress(OSError):  # the error is in the log, and saving is retried once there is room
            self._save()

    def tick(self) -> None:
        """Fires the scheduled triggers, and starts the scheduled crawlers, of the minute that has begun."""
        minute = _minute_of(self._clock())
        if minute <= self._minute:
            return
        self._minute = minute
        for _, _, backend in list(glue_backends.iter_backends()):
            for trigger in list(backend.triggers.values()):
                is_on = trigger.trigger_type == "SCHEDULED" and trigger.state == "ACTIVATED"
                if is_on and _is_due(trigger.schedule, minute):
                    self._fire_quietly(trigger)
            for crawler in list(backend.crawlers.values()):
                if crawler.schedule and _is_due(crawler.schedule, minute):
                    _start_quietly(crawler)

    def _fire_quietly(self, trigger: FakeTrigger) -> None:
        try:
            self.fire(trigger)
        except (JsonRESTError, OSError):
            return  # `fire` has logged it, and no caller waits for a response

    def _run(self) -> None:
        while not self._stopped.wait(_SECONDS_BETWEEN):
            try:
                self.tick()
            except Exception:  # noqa: BLE001  one bad trigger, or a full disk: the next minute comes anyway
                _LOG.exception("could not fire triggers")


def _is_due(schedule: str, minute: datetime) -> bool:
    try:
        return Schedule.of(schedule).matches(minute)
    except InvalidSchedule as error:  # saved before schedules were checked
        _LOG.warning("never fires: %s", error)
        return False


def _start_quietly(crawler: FakeCrawler) -> None:
    try:
        crawler.start_crawler()
    except JsonRESTError as error:
        _LOG.warning("the schedule of crawler %s could not start it: %s", crawler.name, error)


def _minute_of(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0)


def _start(trigger: FakeTrigger, action: Any) -> None:
    if action.crawler_name:
        crawler = trigger.backend.get_crawler(action.crawler_name)
        crawler.start_crawler(trigger=trigger.name)
        return
    unset_arguments = (
        "allocated_capacity",
        "max_capacity",
        "worker_type",
        "security_configuration",
        "number_of_workers",
    )
    trigger.backend.get_job(action.job_name).start_job_run(
        arguments=action.arguments,
        timeout=action.timeout,
        notification_property=None,
        previous_run_id=None,
        trigger=trigger.name,
        **dict.fromkeys(unset_arguments),
    )


def _is_waiting(trigger: FakeTrigger) -> bool:
    return bool(trigger.trigger_type == "CONDITIONAL" and trigger.state == "ACTIVATED")


def _is_met(trigger: FakeTrigger, kind: str, name: str, state: str) -> bool:
    """Records what has ended. Returns whether the predicate is true, and then resets its conditions."""
    predicate = trigger.predicate.as_dict()
    conditions = predicate["Conditions"]
    met: list[bool] = getattr(trigger, "met_conditions", None) or [False] * len(conditions)
    for place, condition in enumerate(conditions):
        if condition.get(kind) == name:
            met[place] = condition.get("State" if kind == "JobName" else "CrawlState") == state
    is_met = any(met) if predicate.get("Logical") == "ANY" else all(met)
    trigger.met_conditions = [False] * len(conditions) if is_met else met
    return is_met
