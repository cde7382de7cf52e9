"""Alerts: what went wrong, where, what was kept, and what to do, sent to the alert topic.

An error says itself what to do about it. An alert adds what no error knows: the task, the run, its log, and how to
resume the run.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from aws_services import resources
from dags import retries
from dags.task_context import business_date_of

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.sdk.types import RuntimeTaskInstanceProtocol

log = logging.getLogger(__name__)

REASON_KEY = "failure"
"""The XCom in which a failed task leaves its alert in one sentence, for the note of its run."""
NOTE_LENGTH = 900
"""Characters of that sentence that fit into a run's note next to what people wrote there."""

_MOST = 4000  # characters of an error that an alert shows; the log has all of it
_KEPT = "all that was landed, curated, staged and recorded so far; readers keep what was published before"
_FETCHING = ("open_run", "extract")
SILENT = "the task's process ended without a word: it was killed, ran out of memory, or lost its machine"
_TOLD_BY_ITS_TASK = "task_failure"  # Airflow's reason for a run that failed with its tasks


def task_failed(context: Context) -> None:
    """Callback of a task that failed for good, after all its attempts. Raises AwsError when the alert cannot be sent.

    The alert in one sentence becomes the last line of the task's log, and the note of its run (`dags.run_notes`).
    """
    subject, message = of_task(context)
    if context.get("exception"):  # else the task was killed, and this is the DAG processor, which has no XComs
        context["ti"].xcom_push(key=REASON_KEY, value=sentence(message, NOTE_LENGTH))
    try:
        _send(subject, message)
    finally:
        log.error(sentence(message, len(message)))


def task_retried(context: Context) -> None:
    """Callback of a task that will be tried again: alerts, once in a run, that an outage lasts."""
    from runs import outages
    from runs.context import open_lake

    if retries.attempt_of(context) == retries.RETRIES + 1 and outages.note(open_lake(), *_run(context)):
        _send(*of_outage(context))


def task_succeeded(context: Context) -> None:
    """Callback of a task that succeeded: sends the all-clear if its run had alerted to an outage."""
    from runs import outages
    from runs.context import open_lake

    if retries.attempt_of(context) > retries.RETRIES + 1 and outages.clear(open_lake(), *_run(context)):
        _send(*of_recovery(context))


def run_failed(context: Context) -> None:
    """Callback of a run that failed for a reason that no task can report: it timed out or got stuck."""
    if context.get("reason") != _TOLD_BY_ITS_TASK:
        _send(*of_run(context))


def of_task(context: Context) -> tuple[str, str]:
    """Subject and message about a failed task, from Airflow's context of it."""
    ti, dag_id = context["ti"], context["ti"].dag_id
    day = _day(context)
    kind, what = _error(context.get("exception"))
    message = _message(
        What=what,
        Where=f"task {_label(ti)} (attempt {ti.try_number}) of {dag_id}, run {ti.run_id}{_of(day)}",
        Log=ti.log_url,
        Kept=_KEPT,
        Then=_again(dag_id, day, _params_again(context, ti.task_id)),
    )
    return f"Boxoffice: {dag_id}{f' of {day}' if day else ''} failed in {ti.task_id}: {kind}", message


def of_outage(context: Context) -> tuple[str, str]:
    """Subject and message about a task that waits for an outage to end."""
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


def of_recovery(context: Context) -> tuple[str, str]:
    """Subject and message about a task that succeeded after an alert to an outage."""
    ti, dag_id, day = context["ti"], context["ti"].dag_id, _day(context)
    message = _message(
        What=f"the outage is over: attempt {ti.try_number} succeeded",
        Where=f"task {_label(ti)} of {dag_id}, run {ti.run_id}{_of(day)}",
        Then="nothing: the run goes on",
    )
    return f"Boxoffice: {dag_id}{f' of {day}' if day else ''} goes on after {ti.task_id}", message


def of_run(context: Context) -> tuple[str, str]:
    """Subject and message about a run that failed as a whole; its context may hold no task."""
    dag_id, reason = context["dag"].dag_id, str(context.get("reason") or "no reason given").replace("_", " ")
    day = _day(context)
    message = _message(
        What=f"the run ended without success: {reason}",
        Where=f"run {context['run_id']} of {dag_id}{_of(day)}",
        Log="of its tasks, in Airflow",
        Kept=_KEPT,
        Then=_again(dag_id, day, _params_again(context, "extract")),
    )
    return f"Boxoffice: a run of {dag_id} failed: {reason}", message


def sentence(message: str, most: int) -> str:
    """A message as one line of at most `most` characters. A longer one loses some of what went wrong."""
    what, _, rest = message.partition("\nWhere: ")
    what = " ".join(what.removeprefix("What:").split())
    rest = " ".join(f"Where: {rest}".split())
    room = max(0, most - len(rest) - 1)
    return f"{what if len(what) <= room else f'{what[: room - 1]}…'} {rest}"


def _send(subject: str, message: str) -> None:
    from aws_services.sns import Sns

    Sns().publish(resources.ALERT_TOPIC_ARN, subject, message)


def _error(error: BaseException | str | None) -> tuple[str, str]:
    """The error's name and its message, shortened and without secrets."""
    from airflow.sdk.log import redact  # type: ignore[attr-defined]

    if not error:
        return "killed", SILENT
    kind = type(error).__name__ if isinstance(error, BaseException) else "an error"
    words = str(redact(str(error))).strip()
    return kind, f"{kind}: {words if len(words) <= _MOST else f'{words[:_MOST]}…'}"


def _label(ti: RuntimeTaskInstanceProtocol) -> str:
    """The task's name; for a mapped task, also which of its instances."""
    is_mapped = ti.map_index is not None and ti.map_index >= 0
    return f"{ti.task_id} [{ti.rendered_map_index or ti.map_index}]" if is_mapped else str(ti.task_id)


def _of(day: str | None) -> str:
    return f", business date {day}" if day else ""


def _run(context: Context) -> tuple[str, str]:
    """The pipeline and the DAG run."""
    return context["ti"].dag_id, context["ti"].run_id


def _day(context: Context) -> str | None:
    """The business date of a pipeline's run as ISO text; None for a DAG that has no days."""
    day = business_date_of(context)
    return day.isoformat() if day else None


def _params_again(context: Context, task_id: str) -> dict[str, str]:
    """The parameters to trigger the run with again, except `date`. What is fetched already is not fetched again."""
    from sources.files.errors import shown

    triggered_with = {name: value for name, value in context.get("params", {}).items() if value}
    again: dict[str, str] = dict.fromkeys(
        filter(triggered_with.__contains__, ("refetch", "full", "accept_drop")), "true"
    )
    if "location" in triggered_with:
        again["location"] = shown(triggered_with["location"])
    if task_id in _FETCHING:
        return again
    loads_all = {"rebuild": "true"} if "full" in again else {}
    return loads_all | {name: value for name, value in again.items() if name not in ("refetch", "full", "location")}


def _again(dag_id: str, day: str | None, other_params: Mapping[str, str]) -> str:
    params = {**({"date": day} if day else {}), **other_params}
    texts = [f"{name}={value}" for name, value in params.items()]
    options = [f"--{name.replace('_', '-')}{'' if value == 'true' else f' {value}'}" for name, value in params.items()]
    dag_with_params = " with ".join(filter(None, (dag_id, ", ".join(texts))))
    return (
        f"fix that, then trigger {dag_with_params} again: it resumes and does nothing twice. "
        f"On the local stack: {' '.join(['./boxoffice trigger', dag_id, *options, '--wait'])}"
    )


def _message(**parts: str) -> str:
    return "".join(f"{name + ':':<7}{text}\n" for name, text in parts.items())
