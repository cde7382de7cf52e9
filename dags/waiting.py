"""When a task has to wait for something that is no error: it comes back later, and takes no slot until then."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sources.files import Unsettled

log = logging.getLogger(__name__)

_LONGEST_SETTLING = timedelta(hours=1)
_LONGEST_LOOK = timedelta(minutes=10)


@contextmanager
def for_its_turn() -> Iterator[None]:
    """Let the task come back when the block finds that another run of its pipeline is at work.

    Raises:
        AirflowRescheduleException: when to look again.
    """
    from airflow.sdk.exceptions import AirflowRescheduleException

    from runs.lock import PipelineIsBusy

    try:
        yield
    except PipelineIsBusy as busy:
        raise AirflowRescheduleException(busy.again_at) from busy  # type: ignore[no-untyped-call]


def look_again(unsettled: Unsettled, began_at: datetime, now: datetime | None = None) -> NoReturn:
    """Let a task come back when a file that is still being written will have settled.

    It waits longer each time, and gives up an hour after the run began.

    Args:
        unsettled: what is known of the file.
        began_at: when the DAG run began, UTC.
        now: the time, UTC; replaced by tests.

    Raises:
        AirflowRescheduleException: when to look again.
        sources.files.Unsettled: the hour is over.
    """
    from airflow.sdk.exceptions import AirflowRescheduleException

    now = now or datetime.now(UTC)
    waited = now - began_at
    if waited >= _LONGEST_SETTLING:
        raise unsettled
    pause = max(timedelta(seconds=unsettled.settles_in), min(waited / 2, _LONGEST_LOOK))
    log.info("%s, and may still be being written: looking again at %s UTC", unsettled.what, f"{now + pause:%H:%M:%S}")
    raise AirflowRescheduleException(now + pause) from unsettled  # type: ignore[no-untyped-call]
