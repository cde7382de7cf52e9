"""An outage in Airflow itself: the task is retried, one alert is sent, and one all-clear follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from infra.local_aws import LocalAws
from tests.fixtures.stack import DagRun, Pipelines

pytestmark = pytest.mark.e2e

DAG = """
from datetime import timedelta

from airflow.sdk import dag, task

from aws_services.errors import AccessDenied, ServiceUnreachable
from dags import defaults, retries

retries._FIRST_PAUSE = timedelta(0)


@dag(schedule=None, default_args=defaults.default_args(), params=defaults.params(date="", refetch="", accept_drop=""))
def outage():
    @task(retries=retries.WITHIN_DAY)
    def extract(**context):
        if context["ti"].try_number <= 4:
            raise ServiceUnreachable("GetObject", "s3://lake/x", "connection refused")

    @task(retries=retries.WITHIN_DAY)
    def build_star():
        raise AccessDenied("StartJobRun", "job", "not granted")

    extract() >> build_star()


outage()
"""


@pytest.fixture(scope="module")
def run(pipelines: Pipelines, tmp_path_factory: pytest.TempPathFactory) -> DagRun:
    folder = tmp_path_factory.mktemp("dags")
    (folder / "outage.py").write_text(DAG)
    patient = replace(pipelines, environment=pipelines.environment | {"AIRFLOW__CORE__DAGS_FOLDER": str(folder)})
    return patient.run("outage", None, date(2026, 3, 2))


def alerts(server: LocalAws) -> list[Path]:
    return sorted(path for path in (server.state_dir / "sns").glob("*.txt") if "outage" in path.name)


def test_the_task_is_tried_again_until_it_succeeds(run: DagRun) -> None:
    assert run.output.count("it tries again at") >= 4
    assert "ServiceUnreachable: GetObject of s3://lake/x: connection refused" in run.output


def test_what_is_final_is_not_tried_again(run: DagRun) -> None:
    assert not run.succeeded
    assert run.output.count("AccessDenied is final") == 1


def test_people_are_told_once_that_it_lasts_once_that_it_is_over_and_once_of_the_failure(
    run: DagRun, local_aws: LocalAws
) -> None:
    waits, goes_on, failed = (path.name for path in alerts(local_aws))
    assert "waits-in-extract" in waits
    assert "goes-on-after-extract" in goes_on
    assert "failed-in-build_star" in failed
