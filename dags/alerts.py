"""Failure alerts: what went wrong, where, what was kept, and what to do, told to the alert topic.

An error says itself what to do about it; what is added here is what no error can know: the task, the run, its log, and
how the run is taken up again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from aws_services import resources

log = logging.getLogger(__name__)

REASON_KEY = "failure"
"""The XCom in which a failed task leaves its sentence, for the note of its run."""
NOTE_LENGTH = 900
"""Characters of a sentence that fit into a run's note beside what else it holds."""

_MOST = 4000  # characters of an error that are told; its log has all of it
_KEPT = "all that was landed, curated, staged and recorded so far; readers keep what was published before"
_FETCHING = ("open_run", "extract")
SILENT = "the task's process ended without a word: it was killed, ran out of memory, or lost its machine"
_TOLD_BY_ITS_TASK = "task_failure"  # Airflow's reason for a run that failed with its tasks


def task_failed(context: Mapping[str, Any]) -> None:
    """Callback of a task that failed for good, after all its attempts. Raises AwsError when nobody can be told.

    The same in one sentence becomes the last line of the task's log, and the note of its run (`dags.run_notes`).
    """
    subject, message = of_task(context)
    if context.get("exception"):  # else the task was killed, and this is the DAG processor, which has no XComs
        context["ti"].xcom_push(key=REASON_KEY, value=sentence(message, NOTE_LENGTH))
    try:
        _send(subject, message)
    finally:
        log.error(sentence(message, len(message)))


def task_retried(context: Mapping[str, Any]) -> None:
    """Callback of a task that will be tried again: tells, once in a run, that what it needs is away for longer."""
    from dags import retries, steps
    from runs import outages

    if retries.attempt_of(context) == retries.RETRIES + 1 and outages.note(steps.lake(), *_run(context)):
        _send(*of_outage(context))


def task_succeeded(context: Mapping[str, Any]) -> None:
    """Callback of a task that succeeded: gives the all-clear when its run had told of an outage."""
    from dags import retries, steps
    from runs import outages

    if retries.attempt_of(context) > retries.RETRIES + 1 and outages.clear(steps.lake(), *_run(context)):
        _send(*of_recovery(context))


def run_failed(context: Mapping[str, Any]) -> None:
    """Callback of a run that ended without success for a reason that no task can tell: it was timed out or stuck."""
    if context.get("reason") != _TOLD_BY_ITS_TASK:
        _send(*of_run(context))


def of_task(context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and message about a failed task, from Airflow's context of it."""
    ti, dag_id = context["ti"], context["ti"].dag_id
    day = _day(context)
    kind, what = _error(context.get("exception"))
    message = _message(
        What=what,
        Where=f"task {_label(ti)} (attempt {ti.try_number}) of {dag_id}, run {ti.run_id}{_of(day)}",
        Log=ti.log_url,
        Kept=_KEPT,
        Then=_again(dag_id, day, _asked(context, ti.task_id)),
    )
    return f"Boxoffice: {dag_id}{f' of {day}' if day else ''} failed in {ti.task_id}: {kind}", message


def of_outage(context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and message about a task that waits for an outage to end."""
    from dags import retries

    ti, dag_id, day = context["ti"], context["ti"].dag_id, _day(context)
    kind, what = _error(context.get("exception"))
    message = _message(
        What=what,
        Where=f"task {_label(ti)} (attempt {ti.try_number}) of {dag_id}, run {ti.run_id}{_of(day)}",
        Log=ti.log_url,
        Kept=_KEPT,
        Then=f"nothing, if it ends by itself: {retries.outlook(context)}. You are told when it works again, or that it "
        "failed for good. To try at once, clear the task in Airflow",
    )
    return f"Boxoffice: {dag_id}{f' of {day}' if day else ''} waits in {ti.task_id}: {kind}", message


def of_recovery(context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and message about a task that succeeded after an outage that was told."""
    ti, dag_id, day = context["ti"], context["ti"].dag_id, _day(context)
    message = _message(
        What=f"the outage is over: attempt {ti.try_number} succeeded",
        Where=f"task {_label(ti)} of {dag_id}, run {ti.run_id}{_of(day)}",
        Then="nothing: the run goes on",
    )
    return f"Boxoffice: {dag_id}{f' of {day}' if day else ''} goes on after {ti.task_id}", message


def of_run(context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and message about a run that failed as a whole; its context may hold no task."""
    dag_id, reason = context["dag"].dag_id, str(context.get("reason") or "no reason given").replace("_", " ")
    day = _day(context)
    message = _message(
        What=f"the run ended without success: {reason}",
        Where=f"run {context['run_id']} of {dag_id}{_of(day)}",
        Log="of its tasks, in Airflow",
        Kept=_KEPT,
        Then=_again(dag_id, day, _asked(context, "extract")),
    )
    return f"Boxoffice: a run of {dag_id} failed: {reason}", message


def sentence(message: str, most: int) -> str:
    """A message as one line of at most `most` characters: of a longer one, what went wrong is cut, not what to do."""
    what, _, rest = message.partition("\nWhere: ")
    what = " ".join(what.removeprefix("What:").split())
    rest = " ".join(f"Where: {rest}".split())
    room = max(0, most - len(rest) - 1)
    return f"{what if len(what) <= room else f'{what[: room - 1]}…'} {rest}"


def _send(subject: str, message: str) -> None:
    from aws_services.sns import Sns

    Sns().publish(resources.ALERT_TOPIC_ARN, subject, message)


def _error(error: BaseException | str | None) -> tuple[str, str]:
    """The error's name and its words, without secrets and not without end."""
    from airflow.sdk.log import redact  # type: ignore[attr-defined]

    if not error:
        return "killed", SILENT
    kind = type(error).__name__ if isinstance(error, BaseException) else "an error"
    words = str(redact(str(error))).strip()
    return kind, f"{kind}: {words if len(words) <= _MOST else f'{words[:_MOST]}…'}"


def _label(ti: Any) -> str:
    """The task's name; of a mapped one also which."""
    is_mapped = ti.map_index is not None and ti.map_index >= 0
    return f"{ti.task_id} [{ti.rendered_map_index or ti.map_index}]" if is_mapped else str(ti.task_id)


def _of(day: str | None) -> str:
    return f", business date {day}" if day else ""


def _run(context: Mapping[str, Any]) -> tuple[str, str]:
    """The pipeline and the DAG run."""
    return context["ti"].dag_id, context["ti"].run_id


def _day(context: Mapping[str, Any]) -> str | None:
    """The business date of a pipeline's run; None for a DAG that knows no days, or when the context does not tell."""
    from dags import steps

    return steps.business_date(context).isoformat() if "date" in context.get("params", {}) else None


def _asked(context: Mapping[str, Any], task_id: str) -> dict[str, str]:
    """What else the run was triggered with, and must be again. An observation that is fetched is not fetched anew."""
    from sources.files.errors import shown

    given = {name: value for name, value in context.get("params", {}).items() if value}
    asked = dict.fromkeys((name for name in ("refetch", "full", "accept_drop") if name in given), "true")
    if "location" in given:
        asked["location"] = shown(given["location"])
    if task_id in _FETCHING:
        return asked
    loads_all = {"rebuild": "true"} if "full" in asked else {}
    return loads_all | {name: value for name, value in asked.items() if name not in ("refetch", "full", "location")}


def _again(dag_id: str, day: str | None, asked: Mapping[str, str]) -> str:
    given = {**({"date": day} if day else {}), **asked}
    params = [f"{name}={value}" for name, value in given.items()]
    options = [f"--{name.replace('_', '-')}{'' if value == 'true' else f' {value}'}" for name, value in given.items()]
    dag_with_params = " with ".join(filter(None, (dag_id, ", ".join(params))))
    return (
        f"fix that, then trigger {dag_with_params} again: it resumes and does nothing twice. "
        f"On the local stack: {' '.join(['./boxoffice trigger', dag_id, *options, '--wait'])}"
    )


def _message(**parts: str) -> str:
    return "".join(f"{name + ':':<7}{text}\n" for name, text in parts.items())
