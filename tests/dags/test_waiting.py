"""Tasks wait, without an error, for a file that is still being written and for a run that is at work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("airflow")

from airflow.sdk.exceptions import AirflowRescheduleException

from dags import waiting
from lake.run_lock import Lock
from runs.lock import PipelineIsBusy
from sources.files import Unsettled

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


class TestAFileThatIsStillBeingWritten:
    def look_again(self, began: datetime, settles_in: float = 20) -> datetime:
        with pytest.raises(AirflowRescheduleException) as later:
            waiting.look_again(Unsettled("sales.txt changed 10 s ago", settles_in), began, NOW)
        return later.value.reschedule_date

    def test_is_looked_at_again_when_it_will_have_settled(self) -> None:
        assert self.look_again(NOW - timedelta(seconds=4)) == NOW + timedelta(seconds=20)

    def test_is_waited_for_longer_each_time(self) -> None:
        assert self.look_again(NOW - timedelta(minutes=4)) == NOW + timedelta(minutes=2)
        assert self.look_again(NOW - timedelta(minutes=40)) == NOW + timedelta(minutes=10)

    def test_fails_the_task_an_hour_after_the_run_began(self) -> None:
        with pytest.raises(Unsettled, match="may still be written, so it is not loaded"):
            waiting.look_again(Unsettled("sales.txt changed 10 s ago", 20), NOW - timedelta(hours=1), NOW)


def test_a_run_that_waits_for_its_turn_comes_back_when_it_is_told() -> None:
    lock = Lock("ticketmaster_daily", "scheduled__1", "ticketmaster_daily-2026-11-30", 1, NOW, NOW)
    with pytest.raises(AirflowRescheduleException) as later, waiting.for_its_turn():
        raise PipelineIsBusy(lock, NOW + timedelta(seconds=30))
    assert later.value.reschedule_date == NOW + timedelta(seconds=30)
