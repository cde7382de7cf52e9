"""When a task that cannot go on is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowRescheduleException

from dags import retries
from sources.files import Unsettled

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


class TestAFileThatIsStillBeingWritten:
    def look_again(self, began: datetime, settles_in: float = 20) -> datetime:
        context: Any = {"dag_run": SimpleNamespace(start_date=began)}
        with pytest.raises(AirflowRescheduleException) as later:
            retries.look_again(Unsettled("sales.txt changed 10 s ago", settles_in), context, NOW)
        return later.value.reschedule_date

    def test_is_looked_at_again_when_it_will_have_settled(self) -> None:
        assert self.look_again(NOW - timedelta(seconds=4)) == NOW + timedelta(seconds=20)

    def test_is_waited_for_longer_each_time(self) -> None:
        assert self.look_again(NOW - timedelta(minutes=4)) == NOW + timedelta(minutes=2)
        assert self.look_again(NOW - timedelta(minutes=40)) == NOW + timedelta(minutes=10)

    def test_fails_the_task_an_hour_after_the_run_began(self) -> None:
        context: Any = {"dag_run": SimpleNamespace(start_date=NOW - timedelta(hours=1))}
        with pytest.raises(Unsettled, match="may still be being written, and nothing of it is loaded"):
            retries.look_again(Unsettled("sales.txt changed 10 s ago", 20), context, NOW)
