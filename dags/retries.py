"""When a task that failed, or cannot go on yet, is tried again.

A source without a past costs its day for ever when nobody asks it in time, and even one with a past is wanted today.
So a task that meets an outage tries again, with growing pauses, for as long as its day can be observed; an error that
another attempt would meet again is final at once; any other is worth two more attempts.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.sdk import RetryRule
from airflow.sdk.definitions.retry_policy import RetryDecision, RetryPolicy

if TYPE_CHECKING:
    from sources.files import Unsettled

log = logging.getLogger(__name__)

RETRIES = 2
"""Attempts after the first, of a task that meets an error that nobody knows; after as many, an outage is told."""

WITHIN_DAY = 60
"""`retries` of a task that waits for an outage to end: more than the pauses of a day. The policy stops before."""

_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(minutes=30)
_GROWTH = 3
_LONGEST_SETTLING = timedelta(hours=1)
_LONGEST_LOOK = timedelta(minutes=10)
_LONGEST_REASON = 300  # characters of an error in a line of progress


class RetryWithinTheDay(RetryPolicy):
    """Decides by the error, and by the time that is left of the day.

    Args:
        final: dotted names of errors that another attempt would meet again.
        outages: dotted names of errors of what is away for a while, and comes back.
        now: the time, UTC; replaced by tests.
    """

    def __init__(
        self, final: Sequence[str], outages: Sequence[str], *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._final, self._outages = RetryRule(exception=[*final]), RetryRule(exception=[*outages])
        self._now = now

    def evaluate(
        self, exception: BaseException, try_number: int, max_tries: int, context: Any | None = None
    ) -> RetryDecision:
        """The decision on a failed attempt; its reason is logged, and shown to whoever follows the run."""
        if self._final.matches(exception):
            return RetryDecision.fail(f"{type(exception).__name__} is final: another attempt would meet it again")
        if context is None or try_number > max_tries:
            return RetryDecision.default()
        attempt = attempt_of(context)
        if not self._outages.matches(exception):
            return RetryDecision.default() if attempt <= RETRIES else RetryDecision.fail("it failed three times")
        now = self._now()
        end = end_of_day(context, now)
        pause = pause_after(attempt, seed_of(context))
        if attempt > RETRIES and now + pause >= end:
            return RetryDecision.fail(f"another attempt would be too late: the day ends at {end:%Y-%m-%d %H:%M} UTC")
        reason = " ".join(f"{type(exception).__name__}: {exception}".split())[:_LONGEST_REASON]
        return RetryDecision.retry(pause, f"{outlook(context, now)}: {reason}")


def attempt_of(context: Mapping[str, Any]) -> int:
    """The number of a task's attempt, from 1, counted anew when the task was cleared."""
    ti = context["ti"]
    return int(ti.try_number - (ti.max_tries - ti.task.retries))


def pause_after(attempt: int, seed: str) -> timedelta:
    """The pause after a failed attempt: 15 s, three times as long after each, at most 30 min; up to a fifth longer.

    Args:
        attempt: its number, from 1.
        seed: what decides on that fifth, so that runs that failed together do not come back together.
    """
    factor: int = _GROWTH ** min(attempt - 1, 10)
    pause = min(_FIRST_PAUSE * factor, _LONGEST_PAUSE)
    stretch = random.Random(f"{seed} {attempt}").uniform(1, 1.2)  # noqa: S311  no secret
    return pause * stretch


def outlook(context: Mapping[str, Any], now: datetime | None = None) -> str:
    """In words: when a task that failed tries again, and until when."""
    now = now or datetime.now(UTC)
    at, end = now + pause_after(attempt_of(context), seed_of(context)), end_of_day(context, now)
    until = f", and with growing pauses until {end:%Y-%m-%d %H:%M} UTC" if end > at else ""
    return f"it tries again at {at:%H:%M:%S} UTC{until}"


def seed_of(context: Mapping[str, Any]) -> str:
    """What tells the pauses of one task of one run from those of others."""
    ti = context["ti"]
    return f"{ti.run_id} {ti.task_id} {ti.map_index}"


def end_of_day(context: Mapping[str, Any], now: datetime) -> datetime:
    """Until when a run's day can be observed: the end of today (UTC); `now` for any other day."""
    from dags import steps
    from settings import get_settings

    if "params" not in context or steps.business_date(context) != get_settings().current_date():
        return now
    return datetime.combine(now.date() + timedelta(days=1), time(), UTC)


def look_again(unsettled: Unsettled, context: Mapping[str, Any], now: datetime | None = None) -> NoReturn:
    """Let a task come back when a file that is still being written will have settled; it takes no slot until then.

    It waits longer each time, and gives up an hour after the run began.

    Args:
        unsettled: what is known of the file.
        context: Airflow's context of the task.
        now: the time, UTC; replaced by tests.

    Raises:
        AirflowRescheduleException: when to look again.
        sources.files.Unsettled: the hour is over.
    """
    from airflow.sdk.exceptions import AirflowRescheduleException

    now = now or datetime.now(UTC)
    waited = now - context["dag_run"].start_date
    if waited >= _LONGEST_SETTLING:
        raise unsettled
    pause = max(timedelta(seconds=unsettled.settles_in), min(waited / 2, _LONGEST_LOOK))
    log.info("%s, and may still be being written: looking again at %s UTC", unsettled.what, f"{now + pause:%H:%M:%S}")
    raise AirflowRescheduleException(now + pause) from unsettled  # type: ignore[no-untyped-call]
