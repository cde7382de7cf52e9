"""Airflow's operators, as configured: they defer, resume, and never run two at once."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import boto3
import pytest

pytest.importorskip("airflow")

from airflow.sdk.exceptions import TaskDeferred

from aws_services import airflow_operators, resources
from aws_services.errors import JobFailed

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
    said = "AWS Glue job failed.: FAILED - ValueError: x (log: /logs/jr_1.log)\nWaiter job_complete failed: terminal"
    event = {"status": "error", "message": said, "run_id": "jr_1"}
    with pytest.raises(JobFailed) as failed:
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


def test_operators_take_no_airflow_connection() -> None:
    for operator in (airflow_operators.run_crawler("a", "crawler"), airflow_operators.run_job("b", JOB, {})):
        assert operator.aws_conn_id is None
