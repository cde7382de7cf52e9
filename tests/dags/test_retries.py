"""When a task that cannot go on is tried again."""

from __future__ import annotations

import re
from copy import copy
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("airflow")

from airflow.sdk import DAG
from airflow.sdk.definitions.retry_policy import RetryAction, RetryDecision
from airflow.sdk.exceptions import AirflowTaskTimeout

from aws_services import errors
from dags import alerts, defaults, file_source, retries, ticketmaster_daily, tickit_load
from infra.launcher.follow import plan
from lake.store import Lake
from runs.run import LONGEST_RUN
from settings import Settings
from sources import files
from sources.ticketmaster import errors as discovery
from tests.dags.test_alerts import task_context

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


POLICY = retries.RetryWithinTheDay(
    [*defaults._FINAL_ERRORS, *ticketmaster_daily.FINAL_ERRORS],
    [*defaults._OUTAGES, *ticketmaster_daily.OUTAGES, *file_source.OUTAGES],
    now=lambda: NOW,
)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOXOFFICE_TODAY", "2026-11-30")
    monkeypatch.setattr("settings.get_settings", Settings)


def failed(error: BaseException | None, attempt: int = 1, *, day: str = "2026-11-30", cleared: int = 0) -> Any:
    """Airflow's context of an attempt that failed; of a task that was cleared after so many attempts."""
    context: Any = task_context(error, date=day)
    context["ti"].try_number, context["ti"].max_tries = attempt + cleared, retries.WITHIN_DAY + cleared
    context["ti"].task = SimpleNamespace(retries=retries.WITHIN_DAY)
    return context


def decided(
    error: BaseException, attempt: int = 1, *, now: datetime = NOW, day: str = "2026-11-30", cleared: int = 0
) -> RetryDecision:
    policy, context = copy(POLICY), failed(error, attempt, day=day, cleared=cleared)
    policy._now = lambda: now
    return policy.evaluate(error, context["ti"].try_number, context["ti"].max_tries, context)


def pause_of(decision: RetryDecision) -> float:
    assert decision.action == RetryAction.RETRY
    assert decision.retry_delay is not None
    return decision.retry_delay.total_seconds()


class TestAnOutage:
    AWAY = discovery.ServerError("The API failed (503).")

    def test_is_waited_out_with_growing_pauses(self) -> None:
        pauses = [pause_of(decided(self.AWAY, attempt)) for attempt in range(1, 8)]
        for pause, least in zip(pauses, [15, 45, 135, 405, 1215, 1800, 1800], strict=True):
            assert least <= pause <= least * 1.2

    def test_is_waited_out_for_as_long_as_the_day_can_be_observed(self) -> None:
        clock, attempts = NOW, 0
        while (decision := decided(self.AWAY, attempts + 1, now=clock)).action == RetryAction.RETRY:
            attempts += 1
            clock += decision.retry_delay or timedelta()
        assert datetime(2026, 11, 30, 23, tzinfo=UTC) < clock < datetime(2026, 12, 1, tzinfo=UTC)
        assert decision.action == RetryAction.FAIL
        assert attempts < retries.WITHIN_DAY

    def test_says_when_it_tries_again_until_when_and_why(self) -> None:
        reason = decided(self.AWAY, 4).reason or ""
        until = "and with growing pauses until 2026-12-01 00:00 UTC: ServerError: The API failed"
        assert re.match(rf"it tries again at 03:0[6-9]:\d\d UTC, {until}", reason)
        assert plan([{"event": "Task started"}, {"event": "Retry policy decision", "reason": reason}]) == reason

    def test_of_another_day_is_tried_three_times(self) -> None:
        assert [decided(self.AWAY, attempt, day="2026-11-29").action.name for attempt in (1, 2, 3)] == [
            "RETRY",
            "RETRY",
            "FAIL",
        ]

    def test_begins_anew_when_the_task_was_cleared(self) -> None:
        assert pause_of(decided(self.AWAY, 1, cleared=9)) < 20

    @pytest.mark.parametrize(
        "error",
        [
            AirflowTaskTimeout("1 h"),
            errors.Throttled("GetObject", "s3://lake/x"),
            errors.ServiceUnreachable("GetObject", "s3://lake/x"),
            files.LocationUnreachable("https://host/sales.txt cannot be read now (HTTP 503)"),
            discovery.RateLimited("too fast"),
            discovery.MalformedBody("HTML"),
        ],
        ids=lambda error: type(error).__name__,
    )
    def test_is_what_is_away_for_a_while(self, error: BaseException) -> None:
        assert decided(error, 5).action == RetryAction.RETRY


@pytest.mark.parametrize(
    "error",
    [
        errors.AccessDenied("StartJobRun", "job"),
        errors.InvalidInput("StartJobRun", "job"),
        errors.NotFound("StartCrawler", "crawler"),
        discovery.InvalidApiKey("refused"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_another_attempt_meets_again_is_final_at_once(error: BaseException) -> None:
    assert decided(error).action == RetryAction.FAIL


def test_any_other_error_is_worth_two_more_attempts() -> None:
    actions = [decided(ValueError("x"), attempt).action for attempt in (1, 2, 3)]
    assert actions == [RetryAction.DEFAULT, RetryAction.DEFAULT, RetryAction.FAIL]


@pytest.mark.parametrize("built", [ticketmaster_daily.ticketmaster_daily, tickit_load.tickit_load])
def test_what_a_day_is_lost_without_is_tried_all_day_and_all_else_three_times(built: Any) -> None:
    dag = built() if callable(built) and not isinstance(built, DAG) else built
    of_a_day = {"open_run", "extract"}
    assert {name: task.retries for name, task in dag.task_dict.items()} == {
        name: retries.WITHIN_DAY if name in of_a_day else 2 for name in dag.task_dict
    }
    assert dag.dagrun_timeout == LONGEST_RUN


class TestWhoIsTold:
    @pytest.fixture
    def inbox(self, lake: Lake, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
        sent: list[tuple[str, str]] = []
        monkeypatch.setattr("runs.context.open_lake", lambda: lake)
        monkeypatch.setattr(alerts, "_send", lambda subject, message: sent.append((subject, message)))
        return sent

    def test_one_alert_when_an_outage_lasts_and_one_all_clear(self, inbox: list[tuple[str, str]]) -> None:
        for attempt in range(1, 8):
            for index in (0, 1):  # two instances of a mapped task
                context = failed(files.LocationUnreachable("https://host/x cannot be read now"), attempt)
                context["ti"].map_index = index
                alerts.task_retried(context)
        ((subject, message),) = inbox
        assert subject == "Boxoffice: ticketmaster_daily of 2026-11-30 waits in extract: LocationUnreachable"
        assert "Then:  nothing, if it ends by itself: it tries again at " in message
        for index in (0, 1):
            context = failed(None, 8)
            context["ti"].map_index = index
            alerts.task_succeeded(context)
        goes_on = "Boxoffice: ticketmaster_daily of 2026-11-30 goes on after extract"
        assert [subject for subject, _ in inbox[1:]] == [goes_on]

    def test_nobody_when_it_is_short(self, inbox: list[tuple[str, str]]) -> None:
        for attempt in (1, 2):
            alerts.task_retried(failed(files.LocationUnreachable("x"), attempt))
        alerts.task_succeeded(failed(None, 3))
        assert inbox == []
