"""Which observation of a day a run works on: raw data that is there is never fetched again, a refetch lands next to it.

The observations of a day are numbered from 1; each is the raw data of one extract (`lake.observations`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from lake import layout
from lake.layout import RunId
from lake.observations import Observation, Observations
from lake.store import Lake
from runs.outcomes import RunOutcome

# An extract begun before midnight may be resumed after it; later, what it would add was not on sale that day.
RESUME_DAYS = 1


class CannotObserve(Exception):
    """The day cannot be observed."""


class CannotObserveThePast(CannotObserve):
    """The source tells only what is true now, and there is no (finished) raw data of that past day."""


class CannotObserveTheFuture(CannotObserve):
    """The day has not come yet."""


def choose(
    observations: Observations,
    business_date: date,
    *,
    today: date,
    has_past: bool,
    refetch: bool = False,
    dag_run_id: str = "",
    resumable: Callable[[RunId], bool] = lambda run: True,
) -> Observation:
    """Choose the observation that a run of a day works on.

    Without `refetch`: the newest finished one; else an unfinished one, to resume; else the first. With it: an
    unfinished one, to resume; the newest when this same DAG run opened it (a retry); else a new one.

    Args:
        observations: those that the lake holds.
        business_date: the day.
        today: the current day, UTC.
        has_past: whether the source can still tell what was true on a past day (files, tables) or only what is
            true now (an API of what is on sale).
        refetch: whether to observe the day again though it was observed before.
        dag_run_id: the DAG run that asks.
        resumable: whether an unfinished observation may be resumed: not one that was begun on something else. A
            new one is opened next to it then.

    Raises:
        CannotObserveTheFuture: the day is after today.
        CannotObserveThePast: the day is over, the source has no past, and something would have to be fetched.
    """
    if business_date > today:
        raise CannotObserveTheFuture(
            f"cannot observe the future: {business_date} is after today, {today} (UTC); choose a date up to today"
        )
    chosen = _chosen(observations, business_date, dag_run_id, resumable, refetch=refetch)
    if chosen.finished or has_past or business_date == today:
        return chosen
    begun = _has_raw_data(observations, chosen.run)
    if not begun or (today - business_date) > timedelta(days=RESUME_DAYS):
        raise _refusal(observations, business_date, today, begun=begun, refetch=refetch)
    return chosen


def _chosen(
    observations: Observations,
    business_date: date,
    dag_run_id: str,
    resumable: Callable[[RunId], bool],
    *,
    refetch: bool,
) -> Observation:
    of_the_day = observations.of(business_date)
    if not of_the_day:
        return Observation(RunId(observations.pipeline, business_date), finished=False)
    newest = of_the_day[-1]
    finished = next((observation for observation in reversed(of_the_day) if observation.finished), None)
    if finished and not refetch:
        return finished
    if newest.finished:
        is_resumed = _opened_by(observations.lake, newest.run) == dag_run_id != ""
    else:
        is_resumed = resumable(newest.run)
    if is_resumed:
        return newest
    return Observation(RunId(observations.pipeline, business_date, newest.run.observation + 1), finished=False)


def _refusal(
    observations: Observations, business_date: date, today: date, *, begun: bool, refetch: bool
) -> CannotObserveThePast:
    state = "the raw data of that day is unfinished" if begun else "there is no raw data of that day"
    if refetch and observations.newest_finished(business_date):
        state, advice = "it cannot be fetched again", "run it without refetch to rebuild it from its raw data"
    else:
        folder = observations.lake.uri(f"raw/{observations.source}/")
        advice = f"run {today}, or a day that has finished raw data in {folder}"
    return CannotObserveThePast(
        f"cannot observe the past: {observations.source} tells only what is true now, {state} ({business_date}); "
        f"{advice}"
    )


def _has_raw_data(observations: Observations, run: RunId) -> bool:
    prefixes = (layout.raw_prefix(observations.source, entity, run) for entity in observations.entities)
    return any(True for prefix in prefixes for _ in observations.lake.list(prefix))


def _opened_by(lake: Lake, run: RunId) -> str | None:
    outcome = RunOutcome.read(lake, run)
    return outcome.opened_by if outcome else None
