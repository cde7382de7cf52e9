"""Crawler, catalog and job against the local AWS (or, with credentials instead, an account)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aws_services._waiting import Patience
from aws_services.errors import AlreadyRunning, JobFailed, NotFound
from aws_services.glue_catalog import CatalogColumn, GlueCatalog
from aws_services.glue_crawler import GlueCrawler
from aws_services.glue_job import GlueJob
from aws_services.resources import Job
from aws_services.s3 import S3
from infra.local_aws import LocalAws

pytestmark = pytest.mark.service
BUCKET = "glue-service-test"
DATABASE = "glue_service_test"
PATIENCE = Patience(deadline=120, longest=1)


@pytest.fixture(scope="module")
def s3(local_aws: LocalAws) -> S3:
    s3 = S3()
    s3._client.create_bucket(Bucket=BUCKET)
    GlueCatalog().ensure_database(DATABASE, "for this test")
    return s3


def put_parquet(s3: S3, folder: Path, day: str, rows: list[dict[str, object]]) -> None:
    path = folder / f"{day}.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    s3.put_file(BUCKET, f"curated/events/ingest_date={day}/0000.parquet", path)


@pytest.fixture(scope="module")
def crawler(s3: S3) -> GlueCrawler:
    boto3.client("glue").create_crawler(
        Name="crawler-service-test",
        Role="arn:aws:iam::123456789012:role/crawler",
        DatabaseName=DATABASE,
        Targets={"S3Targets": [{"Path": f"s3://{BUCKET}/curated/events/", "Exclusions": ["**/_*"]}]},
    )
    return GlueCrawler("crawler-service-test")


def test_a_crawl_writes_the_table_that_the_catalog_then_tells_of(s3: S3, crawler: GlueCrawler, tmp_path: Path) -> None:
    put_parquet(s3, tmp_path, "2026-11-20", [{"event_id": "a", "price": 1.5}])
    put_parquet(s3, tmp_path, "2026-11-21", [{"event_id": "b", "price": 2.5}])
    assert crawler.run(PATIENCE)["Status"] == "SUCCEEDED"

    catalog = GlueCatalog()
    table = catalog.table(DATABASE, "events")
    assert table.location == f"s3://{BUCKET}/curated/events/"
    assert table.columns == (CatalogColumn("event_id", "string"), CatalogColumn("price", "double"))
    assert table.partition_keys == (CatalogColumn("ingest_date", "string"),)
    assert table.parameters["classification"] == "parquet"
    assert [entry.name for entry in catalog.tables(DATABASE)] == ["events"]
    assert [entry.values for entry in catalog.partitions(DATABASE, "events")] == [("2026-11-20",), ("2026-11-21",)]
    partition = catalog.partition(DATABASE, "events", ["2026-11-21"])
    assert partition.location == f"s3://{BUCKET}/curated/events/ingest_date=2026-11-21/"
    only = catalog.partitions(DATABASE, "events", "ingest_date = '2026-11-21'")
    assert only == (partition,)


def test_what_was_not_crawled_is_not_found(s3: S3) -> None:
    catalog = GlueCatalog()
    with pytest.raises(NotFound, match=rf"{DATABASE}\.none"):
        catalog.table(DATABASE, "none")
    with pytest.raises(NotFound):
        catalog.partition(DATABASE, "none", ["2026-11-20"])
    with pytest.raises(NotFound):
        catalog.tables("no_such_database")
    with pytest.raises(NotFound, match="no-such-crawler"):
        GlueCrawler("no-such-crawler").run(PATIENCE)


def test_databases_and_tables_are_administered(s3: S3) -> None:
    catalog = GlueCatalog()
    catalog.ensure_database("another_one", "first")
    catalog.ensure_database("another_one", "again")
    assert "another_one" in catalog.databases()
    assert not catalog.delete_table("another_one", "none")


SCRIPT = """
import sys
arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
print("the day is", arguments["--day"])
if arguments["--day"] == "bad":
    raise ValueError("there is no such day")
if arguments["--day"] == "long":
    import time
    time.sleep(300)
"""


@pytest.fixture(scope="module")
def job(s3: S3) -> Iterator[GlueJob]:
    class Script(Job):
        @property
        def script_uri(self) -> str:
            return f"s3://{BUCKET}/scripts/job.py"

        @property
        def default_arguments(self) -> dict[str, str]:
            return {"--job-language": "python"}

    s3.put(BUCKET, "scripts/job.py", SCRIPT.encode())
    glue_job = GlueJob(Script("job-service-test", "job.py", workers=2))
    glue_job.ensure()
    glue_job.ensure()  # an existing definition is brought up to date
    yield glue_job


def test_a_job_runs_with_its_arguments_and_logs(job: GlueJob) -> None:
    run = job.run({"--day": "2026-11-20"}, PATIENCE)
    assert run["JobRunState"] == "SUCCEEDED"
    assert any("the day is 2026-11-20" in line for line in job.log(run["Id"]))


def test_a_failing_job_tells_why(job: GlueJob) -> None:
    with pytest.raises(JobFailed, match=r"FAILED: .*ValueError: there is no such day") as failed:
        job.run({"--day": "bad"}, PATIENCE)
    assert job.describe(failed.value.run_id)["JobRunState"] == "FAILED"


def test_one_run_at_a_time_and_a_run_can_be_stopped(job: GlueJob) -> None:
    run_id = job.start({"--day": "long"})
    with pytest.raises(AlreadyRunning, match="Wait for that run"):
        job.start({"--day": "2026-11-20"})
    job.stop(run_id)
    with pytest.raises(JobFailed, match="STOPPED"):
        job.wait(run_id, PATIENCE)


def test_a_job_that_does_not_exist_is_not_found(s3: S3) -> None:
    with pytest.raises(NotFound, match="no-such-job"):
        GlueJob(Job("no-such-job", "none.py")).start({})


def test_a_script_that_is_missing_fails_the_run(s3: S3) -> None:
    glue = boto3.client("glue")
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/scripts/none.py", "PythonVersion": "3"}
    glue.create_job(Name="scriptless", Role="arn:aws:iam::123456789012:role/job", GlueVersion="5.1", Command=command)
    with pytest.raises(JobFailed, match=json.dumps("none.py").strip('"')):
        GlueJob(Job("scriptless", "none.py")).run({}, PATIENCE)
