"""Airflow's operators, as configured: they defer, resume, and never run two at once."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import boto3
import pytest

pytest.importorskip("airflow")

from airflow.sdk.exceptions import AirflowSkipException, TaskDeferred

from aws_services import airflow_operators, errors, resources
from infra.local_aws import LocalAws

JOB = resources.Job("job-operator-test", "job.py", timeout_minutes=5)
ROLE = "arn:aws:iam::123456789012:role/any"


@pytest.fixture
def glue(mocked_aws: None) -> Any:
    glue = boto3.client("glue")
    glue.create_job(Name=JOB.name, Role=ROLE, Command={"Name": "glueetl", "ScriptLocation": "s3://b/job.py"})
    glue.create_database(DatabaseInput={"Name": "db"})
    glue.create_crawler(Name="crawler", Role=ROLE, DatabaseName="db", Targets={"S3Targets": [{"Path": "s3://b/t/"}]})
    return glue


def attempt(number: int) -> dict[str, Any]:
    """The context of a task's attempt, as far as the operators look at it."""
    ti = MagicMock(dag_id="dag", task_id="build_star", run_id="manual-1", map_index=-1, try_number=number)
    ti.xcom_pull.return_value = None  # Airflow 3 clears a task's XComs before each attempt
    return {"ti": ti, "task_instance": ti, "task_state_store": None}


def submit(operator: Any, number: int = 1) -> Any:
    """Execute until the operator defers; returns what the triggerer is to wait for."""
    with pytest.raises(TaskDeferred) as deferred:
        operator.execute(attempt(number))
    return deferred.value.trigger


def runs_of(glue: Any) -> list[dict[str, Any]]:
    return glue.get_job_runs(JobName=JOB.name)["JobRuns"]


def test_the_job_is_started_with_its_arguments_and_waited_for_outside_the_worker(glue: Any) -> None:
    trigger = submit(airflow_operators.run_job("build_star", JOB, {"--run_id": "r-1"}))
    [run] = runs_of(glue)
    assert run["Arguments"]["--run_id"] == "r-1"
    assert trigger.run_id == run["Id"]
    assert trigger.attempts * trigger.waiter_delay == (JOB.timeout_minutes + 10) * 60


def test_the_error_of_a_failed_job_is_its_own_last_words_and_its_log(glue: Any) -> None:
    operator = airflow_operators.run_job("build_star", JOB, {})
    message = "AWS Glue job failed.: FAILED - ValueError: x (log: /logs/jr_1.log)\nWaiter job_complete failed: terminal"
    event = {"status": "error", "message": message, "run_id": "jr_1"}
    with pytest.raises(errors.JobFailed) as failed:
        operator.execute_complete({}, event)
    assert str(failed.value).startswith(
        "Glue job run of job-operator-test: FAILED - ValueError: x (log: /logs/jr_1.log). "
    )
    assert operator.execute_complete({}, {"status": "success", "run_id": "jr_1"}) == "jr_1"


def test_a_retry_resumes_the_run_that_is_going_on(glue: Any) -> None:
    first = submit(airflow_operators.run_job("build_star", JOB, {}))
    second = submit(_with_active_runs(airflow_operators.run_job("build_star", JOB, {}), glue), number=2)
    assert second.run_id == first.run_id
    assert len(runs_of(glue)) == 1


def _with_active_runs(operator: Any, glue: Any) -> Any:
    """moto calls every run SUCCEEDED at once; to the operator they look as they do on AWS for their first minutes."""
    conn = operator.hook.conn
    listed = conn.get_job_runs

    def running(**request: Any) -> dict[str, Any]:
        return {"JobRuns": [run | {"JobRunState": "RUNNING"} for run in listed(**request)["JobRuns"]]}

    conn.get_job_runs = running
    return operator


def test_a_retry_starts_anew_when_the_run_has_failed(glue: Any) -> None:
    submit(airflow_operators.run_job("build_star", JOB, {}))
    submit(airflow_operators.run_job("build_star", JOB, {}), number=2)  # moto: the first has ended
    assert len(runs_of(glue)) == 2


def test_the_definition_of_a_job_is_never_touched(glue: Any) -> None:
    before = glue.get_job(JobName=JOB.name)["Job"]
    submit(airflow_operators.run_job("build_star", JOB, {}))
    assert glue.get_job(JobName=JOB.name)["Job"] == before


def test_a_crawl_is_waited_for_outside_the_worker(glue: Any) -> None:
    trigger = submit(airflow_operators.run_crawler("crawl", "crawler"))
    assert trigger.serialize()[1]["crawler_name"] == "crawler"
    assert glue.get_crawler(Name="crawler")["Crawler"]["State"] == "RUNNING"


def test_a_crawl_that_goes_on_is_joined(glue: Any) -> None:
    glue.start_crawler(Name="crawler")
    assert submit(airflow_operators.run_crawler("crawl", "crawler")).serialize()[1]["crawler_name"] == "crawler"


@pytest.mark.parametrize(("endpoint", "seconds"), [("http://127.0.0.1:1", 1), (None, 30)])
def test_polling_is_quick_only_where_nothing_is_throttled(
    monkeypatch: pytest.MonkeyPatch, endpoint: str | None, seconds: int
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    if endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    assert airflow_operators.run_crawler("crawl", "crawler").poll_interval == seconds
    assert airflow_operators.run_job("job", JOB, {}).waiter_delay == seconds


DENIED = "ClientError: An error occurred (AccessDeniedException) when calling the GetJobRun operation: no"


def test_what_aws_refuses_is_raised_as_every_other_call_raises_it(mocked_aws: None) -> None:
    with pytest.raises(errors.NotFound, match=r"^StartCrawler of none: EntityNotFoundException"):
        airflow_operators.run_crawler("crawl", "none").execute(attempt(1))


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("__fail__", {"error": "TriggerFailure", "traceback": ["Traceback …", DENIED]}),
        (
            "execute_complete",
            {"event": {"status": "error", "run_id": "jr_1", "message": f"?\nWaiter failed: {DENIED}"}},
        ),
    ],
)
def test_what_the_triggerer_was_refused_is_raised_so_too(method: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(errors.AccessDenied, match="GetJobRun of job-operator-test: AccessDeniedException: no"):
        airflow_operators.run_job("job", JOB, {}).resume_execution(method, arguments, attempt(1))


def test_a_crawl_is_waited_for_no_longer_than_its_task_may_take(glue: Any) -> None:
    operator = airflow_operators.run_crawler("crawl", "crawler")
    with pytest.raises(TaskDeferred) as deferred:
        operator.execute(attempt(1))
    assert deferred.value.timeout == operator.execution_timeout is not None


@pytest.fixture(scope="module")
def _odd_crawler(local_aws: LocalAws) -> None:
    """A crawler of two objects that are alike and one that is not."""
    s3, glue = boto3.client("s3"), boto3.client("glue")
    s3.create_bucket(Bucket="crawler-operator-test")
    good, odd = b"1|2\n3|4\n", b"1|2|\n3|4|\n"
    for key, body in {"t/d=1/good.txt": good, "t/d=2/odd.txt": odd, "t/d=3/good.txt": good}.items():
        s3.put_object(Bucket="crawler-operator-test", Key=key, Body=body)
    glue.create_database(DatabaseInput={"Name": "crawler_operator_test"})
    targets = {"S3Targets": [{"Path": "s3://crawler-operator-test/t/"}]}
    glue.create_crawler(Name="odd", Role=ROLE, DatabaseName="crawler_operator_test", Targets=targets)


@pytest.mark.service
@pytest.mark.usefixtures("_odd_crawler")
class TestACrawlThatFails:
    def test_fails_its_task_with_the_reason_that_the_crawler_gives(self) -> None:
        with pytest.raises(errors.CrawlFailed, match=r"crawl of odd: FAILED: .*t/d=2/odd\.txt"):
            airflow_operators.run_crawler("crawl", "odd").execute(attempt(1))

    def test_skips_its_task_with_a_warning_when_it_is_of_raw_data(self) -> None:
        context = attempt(1)
        with pytest.raises(AirflowSkipException):
            airflow_operators.run_crawler("crawl_raw", "odd", is_raw=True).execute(context)
        ((_, warning),) = context["ti"].xcom_push.call_args_list
        assert warning["key"] == airflow_operators.RawCrawlerOperator.WARNING
        assert "t/d=2/odd.txt" in warning["value"]

    def test_of_raw_data_is_a_warning_also_where_the_triggerer_saw_it(self) -> None:
        event = {"status": "error", "message": "Waiter encountered a terminal failure state"}
        with pytest.raises(AirflowSkipException, match=r"t/d=2/odd\.txt"):
            airflow_operators.run_crawler("crawl_raw", "odd", is_raw=True).resume_execution(
                "execute_complete", {"event": event}, attempt(1)
            )


def test_operators_take_no_airflow_connection() -> None:
    for operator in (airflow_operators.run_crawler("a", "crawler"), airflow_operators.run_job("b", JOB, {})):
        assert operator.aws_conn_id is None
