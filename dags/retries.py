"""When a task that cannot go on is tried again."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from sources.files import Unsettled

log = logging.getLogger(__name__)

_LONGEST_SETTLING = timedelta(hours=1)
_LONGEST_LOOK = timedelta(minutes=10)


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
    raise AirflowRescheduleException(now + pause) from unsettled
