"""An alert reports what went wrong, where, what was kept and what to do, and shows no secret."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import boto3
import pytest

pytest.importorskip("airflow")

from aws_services import resources
from aws_services.errors import AccessDenied, InvalidInput, NotFound
from dags import alerts, defaults, file_source, page_source, ticketmaster_daily
from lake.observations import Observations
from lake.report import ContractViolation, TooManyRejects, ValidationReport
from lake.run_lock import Lock, LockLost, RunInProgress, RunLock
from runs.choosing import CannotObserve, CannotObserveTheFuture, CannotObserveThePast, choose
from schemas.lines import LineTooLong, UnknownEncoding
from sources import files
from sources.pages import PageError
from sources.ticketmaster import errors as discovery
from warehouse.publish import PublishFailed
from warehouse.quality import AuditResult, QualityGateFailed, RuleResult, StarIsDamaged
from warehouse.refresh import RefreshFailed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def task_context(error: BaseException | str | None = None, **params: Any) -> dict[str, Any]:
    ti = SimpleNamespace(
        xcom_push=MagicMock(),
        dag_id="ticketmaster_daily",
        task_id="extract",
        run_id="manual-1",
        map_index=-1,
        rendered_map_index=None,
        try_number=3,
        log_url="http://airflow/log",
    )
    return {"ti": ti, "exception": error, "params": {"date": "2026-03-02", **params}, "logical_date": None}


def _rejected() -> TooManyRejects:
    report = ValidationReport("ticketmaster", "events", "v1", 0.02, 0.5, raw_records=9, quarantined_records=3)
    with pytest.raises(TooManyRejects) as caught:
        report.check("s3://lake/quarantine/ticketmaster/events/")
    return caught.value


def _audited() -> AuditResult:
    rule = RuleResult("event_keys_present", "CRITICAL", "staging.ticketmaster_events", 3, 9, passed=False)
    return AuditResult("ticketmaster_daily-2026-03-02", 80.0, 90.0, False, (rule,))


# What each error that ends a run at once must tell its reader: where to look, what to run.
ADVICE: dict[type[BaseException], tuple[Callable[[], BaseException], tuple[str, ...]]] = {
    AccessDenied: (lambda: AccessDenied("PutObject", "s3://lake/key"), ("s3://lake/key", "Grant the role")),
    InvalidInput: (
        lambda: InvalidInput("StartJobRun", "boxoffice-job", "InvalidInputException: no such worker type"),
        ("boxoffice-job", "no such worker type", "Correct the value"),
    ),
    NotFound: (lambda: NotFound("GetSecretValue", "boxoffice/key"), ("boxoffice/key", "Create it first")),
    RunInProgress: (
        lambda: RunInProgress(Lock("ticketmaster_daily", "manual-0", "r", 1, NOON, NOON)),
        ("manual-0", "wait until it ends", "2026-03-02 12:00:00Z"),
    ),
    TooManyRejects: (
        _rejected,
        ("3 of 9", "s3://lake/quarantine/ticketmaster/events/", "./boxoffice replay ticketmaster"),
    ),
    QualityGateFailed: (
        lambda: QualityGateFailed(_audited()),
        ("event_keys_present (CRITICAL", "etl.data_quality_results", "'ticketmaster_daily-2026-03-02'", "accept_drop"),
    ),
    StarIsDamaged: (
        lambda: StarIsDamaged(_audited()),
        ("event_keys_present (CRITICAL", "phase = 'whole'", "with rebuild"),
    ),
    PublishFailed: (
        lambda: PublishFailed("ticketmaster_daily-2026-03-02", "etl.sp_assert_star", "the star breaks: x."),
        ("etl.sp_assert_star", "readers see the same data as before", "run the day again"),
    ),
    RefreshFailed: (lambda: RefreshFailed("r", {"mv_x": "no space"}), ("mv_x: no space", "run the day again")),
    discovery.QuotaExceeded: (
        lambda: discovery.QuotaExceeded("The quota is used up. It is renewed at 2026-03-03 00:00 UTC."),
        ("2026-03-03 00:00 UTC", "it resumes"),
    ),
    discovery.InvalidApiKey: (lambda: discovery.InvalidApiKey("refused"), ("TICKETMASTER_API_KEY", "secret")),
    discovery.BadRequest: (lambda: discovery.BadRequest("DIS1", "no such field"), ("DIS1", "report it")),
    discovery.NotFound: (lambda: discovery.NotFound("nothing there"), ("TICKETMASTER_API_URL",)),
    files.NoSuchFile: (
        lambda: files.NoSuchFile("there is no file /files/sales_tab.txt"),
        ("/files/sales_tab.txt", "put it there, or name another location"),
    ),
    files.Incomplete: (
        lambda: files.Incomplete("the last line of /files/sales_tab.txt has no line end"),
        ("/files/sales_tab.txt", "Have it sent again", "--accept-drop"),
    ),
}
# These are worded where they are raised, and asked for in the tests below and in those of files and pages.
RAISED_ELSEWHERE = (CannotObserve, ContractViolation, LockLost)
RAISED_BY_FILES = (files.Corrupt, files.EmptyFile, files.LocationRefused, files.TooLarge, LineTooLong, UnknownEncoding)


@pytest.mark.parametrize("kind", ADVICE, ids=lambda kind: kind.__name__)
def test_the_alert_of_a_known_error_says_what_to_do_about_it(kind: type[BaseException]) -> None:
    make, words = ADVICE[kind]
    _, message = alerts.of_task(task_context(make()))
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize(
    ("task", "command"),
    [
        ("extract", "--date 2026-03-02 --refetch --accept-drop --wait"),
        ("audit", "--date 2026-03-02 --accept-drop --wait"),
    ],
)
def test_a_run_is_taken_up_as_it_was_triggered_and_fetched_only_once(task: str, command: str) -> None:
    context = task_context(ValueError("x"), refetch=True, accept_drop=True)
    context["ti"].task_id = task
    _, message = alerts.of_task(context)
    assert f"./boxoffice trigger ticketmaster_daily {command}\n" in message


def test_every_error_that_ends_a_run_at_once_is_among_them() -> None:
    final = {
        *defaults._FINAL_ERRORS,
        *ticketmaster_daily.FINAL_ERRORS,
        *file_source.FINAL_ERRORS,
        *page_source.FINAL_ERRORS,
    }
    kinds = {getattr(importlib.import_module(name.rpartition(".")[0]), name.rpartition(".")[2]) for name in final}
    assert kinds <= {*ADVICE, *RAISED_ELSEWHERE, *RAISED_BY_FILES, PageError}


def test_every_name_of_a_retry_policy_is_the_name_of_an_error() -> None:
    modules = (ticketmaster_daily, file_source, page_source)
    names = {*defaults._FINAL_ERRORS, *defaults._OUTAGES}
    names.update(*(module.FINAL_ERRORS for module in modules), *(module.OUTAGES for module in modules))
    for name in names:
        module, _, kind = name.rpartition(".")
        assert issubclass(getattr(importlib.import_module(module), kind), BaseException), name


def test_errors_worded_where_they_are_raised_say_what_to_do(lake: Any) -> None:
    observations = Observations(lake, "ticketmaster", ("events",), "ticketmaster_daily")
    today = date(2026, 3, 2)
    with pytest.raises(CannotObserveThePast, match="run 2026-03-02, or a day that has finished raw data in s3://lake/"):
        choose(observations, date(2026, 1, 1), today=today, has_past=False)
    with pytest.raises(CannotObserveTheFuture, match="choose a date up to today"):
        choose(observations, date(2026, 4, 1), today=today, has_past=False)
    with pytest.raises(LockLost, match="it can't publish: trigger it again"):
        RunLock(lake, "ticketmaster_daily").check("manual-1", 1)


def test_an_alert_says_where_it_was_what_was_kept_and_how_to_go_on() -> None:
    subject, message = alerts.of_task(task_context(discovery.InvalidApiKey("Refused.")))
    assert subject == "Boxoffice: ticketmaster_daily of 2026-03-02 failed in extract: InvalidApiKey"
    assert message.splitlines() == [
        "What:  InvalidApiKey: Refused. Check the key (TICKETMASTER_API_KEY, or its secret) at "
        "developer.ticketmaster.com, then run again.",
        "Where: task extract (attempt 3) of ticketmaster_daily, run manual-1, business date 2026-03-02",
        "Log:   http://airflow/log",
        "Kept:  all data landed, curated, staged and recorded so far; readers keep the last published data",
        "Then:  fix that, then trigger ticketmaster_daily with date=2026-03-02 again: it resumes where "
        "it stopped. On the local stack: ./boxoffice trigger ticketmaster_daily --date 2026-03-02 --wait",
    ]


def test_the_sentence_is_one_line_and_never_loses_what_to_do() -> None:
    _, message = alerts.of_task(task_context(ValueError("a long\nstory " * 500)))
    line = alerts.sentence(message, 900)
    assert "\n" not in line
    assert len(line) == 900
    assert line.startswith("ValueError: a long story a long story")
    assert "… Where: task extract (attempt 3) of ticketmaster_daily" in line
    assert line.endswith("./boxoffice trigger ticketmaster_daily --date 2026-03-02 --wait")


def test_a_failed_task_says_why_in_its_log_and_leaves_it_for_the_note_of_its_run(
    mocked_aws: None, caplog: pytest.LogCaptureFixture
) -> None:
    _inbox()
    context = task_context(ValueError("x"))
    alerts.task_failed(context)
    assert caplog.messages[-1].startswith("ValueError: x Where: task extract (attempt 3) of ticketmaster_daily")
    context["ti"].xcom_push.assert_called_once_with(key="failure", value=caplog.messages[-1])
    killed = task_context(None)
    boto3.client("sns").delete_topic(TopicArn=resources.ALERT_TOPIC_ARN)
    with pytest.raises(NotFound):
        alerts.task_failed(killed)
    assert "it was killed" in caplog.messages[-1], "also when nobody can be told"
    killed["ti"].xcom_push.assert_not_called()


def test_the_alert_of_a_mapped_task_says_which_of_them() -> None:
    context = task_context(RuntimeError("x"))
    context["ti"].map_index, context["ti"].rendered_map_index = 0, "events"
    assert "task extract [events] (attempt 3)" in alerts.of_task(context)[1]


def test_a_task_that_was_killed_has_an_alert_too() -> None:
    _, message = alerts.of_task(task_context(None))
    assert "it was killed, ran out of memory, or lost its machine" in message


def test_an_alert_shows_no_masked_secret_and_is_not_without_end() -> None:
    from airflow.sdk.log import mask_secret

    mask_secret("canary-of-the-alert-0123456789")
    _, message = alerts.of_task(task_context(RuntimeError(f"canary-of-the-alert-0123456789 {'x' * 10_000}")))
    assert "canary-of-the-alert" not in message
    assert len(message) < 5000


def test_a_run_that_timed_out_is_told_and_one_whose_task_told_already_is_not(mocked_aws: None) -> None:
    inbox = _inbox()
    run = {"dag": SimpleNamespace(dag_id="ticketmaster_daily"), "run_id": "manual-1"}
    alerts.run_failed({**run, "reason": "task_failure"})
    alerts.run_failed({**run, "reason": "timed_out"})
    [message] = inbox()
    assert message["Subject"] == "Boxoffice: a run of ticketmaster_daily failed: timed out"
    assert "run manual-1 of ticketmaster_daily" in message["Message"]


def test_a_failed_task_is_told_to_the_topic(mocked_aws: None) -> None:
    inbox = _inbox()
    alerts.task_failed(task_context(discovery.QuotaExceeded("Used up.")))
    [message] = inbox()
    assert "QuotaExceeded" in message["Subject"]
    assert "ticketmaster_daily --date 2026-03-02" in message["Message"]


def _inbox() -> Callable[[], list[dict[str, Any]]]:
    """A subscriber of the alert topic; calling it gives what it received."""
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    queue = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    sns.create_topic(Name=resources.ALERT_TOPIC)
    sns.subscribe(
        TopicArn=resources.ALERT_TOPIC_ARN,
        Protocol="sqs",
        Endpoint=f"arn:aws:sqs:{resources.REGION}:{resources.ACCOUNT}:inbox",
    )
    return lambda: [
        json.loads(message["Body"])
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", ())
    ]
