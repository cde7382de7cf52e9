"""Which triggers the local Glue fires. It refuses others with Glue's `InvalidInputException` and a clear message.

Source: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateTrigger.html
"""

from collections.abc import Mapping
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.glue.exceptions import CrawlerNotFoundException, JobNotFoundException
from moto.glue.models import GlueBackend

from .cron import InvalidSchedule, Schedule

JOB_STATES = ("SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT")
CRAWL_STATES = ("SUCCEEDED", "FAILED", "CANCELLED")
_TYPES = ("ON_DEMAND", "SCHEDULED", "CONDITIONAL")
_NOT_DONE = "The local Glue does not support this: "


def check(trigger: Mapping[str, Any], backend: GlueBackend) -> None:
    """Raises InvalidInputException or EntityNotFoundException for a trigger that can't be fired.

    Args:
        trigger: the parameters of CreateTrigger.
        backend: has the jobs and crawlers.
    """
    kind = trigger.get("Type")
    if kind == "EVENT" or trigger.get("EventBatchingCondition"):
        raise invalid(f"{_NOT_DONE}triggers of type EVENT; it has no EventBridge")
    if kind not in _TYPES:
        raise invalid(f"Type must be one of {', '.join(_TYPES)}, not {kind}")
    if trigger.get("WorkflowName"):
        raise invalid(f"{_NOT_DONE}workflows (WorkflowName {trigger['WorkflowName']})")
    if kind == "ON_DEMAND" and trigger.get("StartOnCreation"):
        raise invalid("StartOnCreation is not supported for ON_DEMAND triggers")
    if bool(trigger.get("Schedule")) != (kind == "SCHEDULED"):
        raise invalid(f"A trigger has a Schedule if its type is SCHEDULED, and only then; the type is {kind}")
    if trigger.get("Schedule"):
        check_schedule(trigger["Schedule"])
    conditions = (trigger.get("Predicate") or {}).get("Conditions") or []
    if bool(conditions) != (kind == "CONDITIONAL"):
        raise invalid(f"A trigger has a Predicate if its type is CONDITIONAL, and only then; the type is {kind}")
    if conditions:
        _check_predicate(trigger["Predicate"], conditions, backend)
    _check_actions(trigger.get("Actions") or [], backend)


def check_schedule(schedule: str) -> None:
    """Raises InvalidInputException unless the schedule is one of Glue's."""
    try:
        Schedule.of(schedule)
    except InvalidSchedule as error:
        raise invalid(f"Invalid schedule cron expression: {error}") from error


def invalid(reason: str) -> JsonRESTError:
    """Glue's error for an invalid request."""
    return JsonRESTError("InvalidInputException", reason)


def _check_predicate(predicate: Mapping[str, Any], conditions: list[dict[str, Any]], backend: GlueBackend) -> None:
    if predicate.get("Logical", "AND") not in ("AND", "ANY"):
        raise invalid(f"Logical must be AND or ANY, not {predicate['Logical']}")
    if len(conditions) > 1 and not predicate.get("Logical"):
        raise invalid("Logical is required for a predicate of several conditions")
    for condition in conditions:
        if condition.get("LogicalOperator", "EQUALS") != "EQUALS":
            raise invalid(f"LogicalOperator must be EQUALS, not {condition['LogicalOperator']}")
        _check_one_of(condition, backend)
        name, states = ("State", JOB_STATES) if condition.get("JobName") else ("CrawlState", CRAWL_STATES)
        if condition.get(name) not in states:
            raise invalid(f"{name} of a condition must be one of {', '.join(states)}, not {condition.get(name)}")


def _check_actions(actions: list[dict[str, Any]], backend: GlueBackend) -> None:
    if not actions:
        raise invalid("A trigger needs at least one action")
    for action in actions:
        _check_one_of(action, backend)
        for name in ("SecurityConfiguration", "NotificationProperty"):
            if action.get(name):
                raise invalid(f"{_NOT_DONE}{name} of an action")


def _check_one_of(entry: Mapping[str, Any], backend: GlueBackend) -> None:
    """Checks that an action or a condition names exactly one job or crawler, which must exist."""
    job = entry.get("JobName")
    crawler = entry.get("CrawlerName")
    if bool(job) == bool(crawler):
        raise invalid("Exactly one of JobName and CrawlerName must be set in each action and condition")
    if job and job not in backend.jobs:
        raise JobNotFoundException(job)
    if crawler and crawler not in backend.crawlers:
        raise CrawlerNotFoundException(crawler)
