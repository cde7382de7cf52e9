"""Fires triggers: on demand, by the clock, and when jobs and crawlers that a trigger started have ended.

The clock also starts crawlers that have a schedule of their own.

As in Glue a conditional trigger sees only runs that a trigger started, and fires when its predicate holds: all of its
conditions since it last fired (AND), or one of them (ANY). A scheduled trigger fires in its minute (UTC) while it is
ACTIVATED; a minute that passed while the server was off is not made up for. An on-demand trigger stays CREATED.
An action that cannot start (too many runs, a crawler that is running, a job that is gone) does not keep the others
from starting; StartTrigger answers with its error, and other firings leave a line in the server's log.

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
        clock: the time now, in UTC.
    """

    def __init__(self, save: Callable[[], None], clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._save, self._clock = save, clock
        self._lock = threading.RLock()
        self._minute = _minute_of(clock())
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look at the clock every few seconds, until `close`."""
        self._thread = threading.Thread(target=self._run, name="glue-triggers", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the timer."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def fire(self, trigger: FakeTrigger) -> None:
        """Start all that the trigger starts. Raises the first error of what could not start; OSError: a full disk."""
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
        """A run that a trigger started has ended: fire what waited for it.

        Args:
            backend: of the account and region.
            kind: `JobName` or `CrawlerName`.
            name: of the job or crawler.
            state: how it ended, as conditions call it.
        """
        with self._lock:
            waiting = [each for each in list(backend.triggers.values()) if _is_waiting(each)]
            due = [trigger for trigger in waiting if _is_met(trigger, kind, name, state)]
        for trigger in due:
            self._fire_quietly(trigger)
        if waiting:
            self._save_conditions()

    def _save_conditions(self) -> None:
        with contextlib.suppress(OSError):  # it is in the log, and is saved as soon as there is room
            self._save()

    def tick(self) -> None:
        """Fire the scheduled triggers, and start the scheduled crawlers, of the minute that has begun."""
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
            return  # `fire` has written it into the log; nobody waits for an answer

    def _run(self) -> None:
        while not self._stopped.wait(_SECONDS_BETWEEN):
            try:
                self.tick()
            except Exception:  # noqa: BLE001  one bad trigger, or a full disk: the next minute comes all the same
                _LOG.exception("triggers could not be fired")


def _is_due(schedule: str, minute: datetime) -> bool:
    try:
        return Schedule.of(schedule).matches(minute)
    except InvalidSchedule as error:  # kept since before schedules were checked
        _LOG.warning("never fires: %s", error)
        return False


def _start_quietly(crawler: FakeCrawler) -> None:
    try:
        crawler.start_crawler()
    except JsonRESTError as error:
        _LOG.warning("the schedule of crawler %s could not start it: %s", crawler.name, error)


def _minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _start(trigger: FakeTrigger, action: Any) -> None:
    if action.crawler_name:
        crawler = trigger.backend.get_crawler(action.crawler_name)
        crawler.start_crawler(trigger=trigger.name)
        return
    none = ("allocated_capacity", "max_capacity", "worker_type", "security_configuration", "number_of_workers")
    trigger.backend.get_job(action.job_name).start_job_run(
        arguments=action.arguments,
        timeout=action.timeout,
        notification_property=None,
        previous_run_id=None,
        trigger=trigger.name,
        **dict.fromkeys(none),
    )


def _is_waiting(trigger: FakeTrigger) -> bool:
    return bool(trigger.trigger_type == "CONDITIONAL" and trigger.state == "ACTIVATED")


def _is_met(trigger: FakeTrigger, kind: str, name: str, state: str) -> bool:
    """Note what has ended; whether the predicate holds now, which then begins to wait again."""
    predicate = trigger.predicate.as_dict()
    conditions = predicate["Conditions"]
    met: list[bool] = getattr(trigger, "met_conditions", None) or [False] * len(conditions)
    for place, condition in enumerate(conditions):
        if condition.get(kind) == name:
            met[place] = condition.get("State" if kind == "JobName" else "CrawlState") == state
    holds = any(met) if predicate.get("Logical") == "ANY" else all(met)
    trigger.met_conditions = [False] * len(conditions) if holds else met
    return holds
