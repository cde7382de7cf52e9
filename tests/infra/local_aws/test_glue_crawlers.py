"""Glue crawlers through boto3: what lies in S3 becomes tables and partitions, and what cannot is refused."""

import gzip
import io
import json
import uuid
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws
from tests.infra.local_aws.conftest import Client, eventually


class Crawler:
    """A crawler, its database and its bucket."""

    def __init__(self, client: Client, *roots: str, **definition: Any) -> None:
        self.s3, self.glue, self.logs = client("s3"), client("glue"), client("logs")
        self.name = f"crawler-{uuid.uuid4().hex[:12]}"
        self.bucket, self.database = self.name, self.name.replace("-", "_")
        self.s3.create_bucket(Bucket=self.bucket)
        self.glue.create_database(DatabaseInput={"Name": self.database})
        targets = [{"Path": f"s3://{self.bucket}/{root}", "Exclusions": ["_*", "**/_*"]} for root in roots]
        self.glue.create_crawler(
            Name=self.name, Role="role", DatabaseName=self.database, Targets={"S3Targets": targets}, **definition
        )

    def put(self, key: str, content: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)

    def put_parquet(self, key: str, **columns: list[Any]) -> None:
        buffer = io.BytesIO()
        pq.write_table(pa.table(columns), buffer)
        self.put(key, buffer.getvalue())

    def crawl(self) -> dict[str, Any]:
        self.glue.start_crawler(Name=self.name)
        return self.finished()

    def finished(self) -> dict[str, Any]:
        look = lambda: self.glue.get_crawler(Name=self.name)["Crawler"]  # noqa: E731
        return dict(eventually(lambda: (crawler := look())["State"] == "READY" and crawler)["LastCrawl"])

    def table(self, name: str) -> dict[str, Any]:
        return dict(self.glue.get_table(DatabaseName=self.database, Name=name)["Table"])

    def columns(self, name: str) -> dict[str, str]:
        return {column["Name"]: column["Type"] for column in self.table(name)["StorageDescriptor"]["Columns"]}

    def partitions(self, name: str, expression: str = "") -> list[list[str]]:
        found = self.glue.get_partitions(DatabaseName=self.database, TableName=name, Expression=expression)
        return [partition["Values"] for partition in found["Partitions"]]

    def tables(self) -> list[str]:
        return [table["Name"] for table in self.glue.get_tables(DatabaseName=self.database)["TableList"]]


def test_parquet_becomes_a_partitioned_table(client: Client) -> None:
    crawler = Crawler(client, "curated/Some-Events/", TablePrefix="silver_")
    for day, ids in (("2025-01-01", [1, 2]), ("2025-01-02", [3])):
        crawler.put_parquet(f"curated/Some-Events/ingest_date={day}/part.parquet", id=ids, Name=["x"] * len(ids))
    crawler.put("curated/Some-Events/ingest_date=2025-01-01/_manifest.json", b"{}")
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    table = crawler.table("silver_some_events")
    assert table["StorageDescriptor"]["Location"] == f"s3://{crawler.bucket}/curated/Some-Events/"
    assert crawler.columns("silver_some_events") == {"id": "bigint", "name": "string"}
    assert table["PartitionKeys"] == [{"Name": "ingest_date", "Type": "string"}]
    assert (table["Parameters"]["classification"], table["Parameters"]["recordCount"]) == ("parquet", "3")
    assert crawler.partitions("silver_some_events") == [["2025-01-01"], ["2025-01-02"]]
    assert crawler.partitions("silver_some_events", "ingest_date = '2025-01-02'") == [["2025-01-02"]]


def test_new_columns_are_added_and_vanished_partitions_removed(client: Client) -> None:
    crawler = Crawler(client, "t/")
    crawler.put_parquet("t/d=1/a.parquet", id=[1])
    crawler.put_parquet("t/d=2/a.parquet", id=[1])
    crawler.crawl()
    version = crawler.table("t")["VersionId"]
    crawler.put_parquet("t/d=3/a.parquet", id=[1], city=["Graz"])
    crawler.s3.delete_object(Bucket=crawler.bucket, Key="t/d=1/a.parquet")
    crawler.crawl()
    assert crawler.columns("t") == {"id": "bigint", "city": "string"}
    assert crawler.partitions("t") == [["2"], ["3"]]
    changed = crawler.table("t")["VersionId"]
    assert changed != version
    crawler.crawl()
    assert crawler.table("t")["VersionId"] == changed, "nothing changed, so nothing was written"


def test_raw_json_pages_become_one_struct_per_page(client: Client) -> None:
    crawler = Crawler(client, "raw/events/", "raw/lines/", "raw/none/", TablePrefix="raw_")
    page = {"_embedded": {"events": [{"id": "1", "price": 1}, {"id": "2", "price": 2.5, "venue": None}]}, "page": {}}
    folder = "raw/events/ingest_date=2025-01-01/run_id=r-1/"
    crawler.put(f"{folder}page-1.json.gz", gzip.compress(json.dumps(page).encode()))
    crawler.put(f"{folder}page-2.json.gz", b"<html>502 Bad Gateway</html>")
    crawler.put("raw/lines/a.jsonl", b'{"id": 1, "Name": "x"}\n{"id": 2, "tags": ["a"]}\n')
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    assert crawler.tables() == ["raw_events", "raw_lines"], "an empty target makes no table"
    events = "struct<events:array<struct<id:string,price:double,venue:string>>>"
    assert crawler.columns("raw_events") == {"_embedded": events, "page": "string"}
    assert crawler.partitions("raw_events") == [["2025-01-01", "r-1"]]
    assert crawler.table("raw_events")["Parameters"]["compressionType"] == "gzip"
    assert crawler.columns("raw_lines") == {"id": "int", "name": "string", "tags": "array<string>"}
    log = crawler.logs.get_log_events(logGroupName="/aws-glue/crawlers", logStreamName=crawler.name)["events"]
    assert any("page-2.json.gz: not readable as JSON" in event["message"] for event in log)


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (("t/b.json", b"{}"), "several formats"),
        (("t/d=1/b.parquet", None), "like folders"),
        (("t/b.parquet", b"not parquet"), "not readable as Parquet"),
        (("t/b.parquet", "text"), "column id: bigint and string"),
    ],
)
def test_what_would_not_make_one_table_fails_the_crawl(client: Client, second: tuple[str, Any], reason: str) -> None:
    crawler = Crawler(client, "t/")
    crawler.put_parquet("t/a.parquet", id=[1])
    key, content = second
    if isinstance(content, bytes):
        crawler.put(key, content)
    else:
        crawler.put_parquet(key, id=["x"] if content else [1])
    last = crawler.crawl()
    assert last["Status"] == "FAILED"
    assert reason in last["ErrorMessage"]
    assert key in last["ErrorMessage"]
    assert crawler.tables() == []


def test_a_target_that_became_empty_follows_the_delete_behaviour(client: Client) -> None:
    for behaviour, left in (("DELETE_FROM_DATABASE", []), ("DEPRECATE_IN_DATABASE", ["t"]), ("LOG", ["t"])):
        crawler = Crawler(client, "t/", SchemaChangePolicy={"DeleteBehavior": behaviour})
        crawler.put_parquet("t/a.parquet", id=[1])
        crawler.crawl()
        crawler.s3.delete_object(Bucket=crawler.bucket, Key="t/a.parquet")
        crawler.crawl()
        assert crawler.tables() == left
        if left:
            deprecated = "DEPRECATED_BY_CRAWLER" in crawler.table("t")["Parameters"]
            assert deprecated == (behaviour == "DEPRECATE_IN_DATABASE")


def test_a_running_crawler_cannot_be_started_changed_or_deleted(client: Client, server: LocalAws) -> None:
    crawler = Crawler(client, "t/")
    crawler.put_parquet("t/seed.parquet", id=[1])
    seed = server.state_dir / "s3" / crawler.bucket / "t/seed.parquet"
    for number in range(3000):  # enough work for three refusals to fit in
        (seed.parent / f"{number}.parquet").hardlink_to(seed)
    crawler.glue.start_crawler(Name=crawler.name)
    for call in (crawler.glue.start_crawler, crawler.glue.update_crawler, crawler.glue.delete_crawler):
        with pytest.raises(ClientError, match="CrawlerRunningException"):
            call(Name=crawler.name)
    assert crawler.finished()["Status"] == "SUCCEEDED"
    (metrics,) = crawler.glue.get_crawler_metrics(CrawlerNameList=[crawler.name])["CrawlerMetricsList"]
    assert metrics["TablesCreated"] == 1
    assert metrics["LastRuntimeSeconds"] > 0


def test_an_updated_crawler_keeps_what_the_update_leaves_out(client: Client) -> None:
    crawler = Crawler(client, "t/", TablePrefix="old_")
    target = {"S3Targets": [{"Path": f"s3://{crawler.bucket}/other/"}]}
    crawler.glue.update_crawler(Name=crawler.name, Targets=target, TablePrefix="new_")
    crawler.put_parquet("other/a.parquet", id=[1])
    crawler.crawl()
    assert crawler.tables() == ["new_other"]


def test_refusals(client: Client) -> None:
    crawler = Crawler(client, "t/")
    glue = crawler.glue
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.start_crawler(Name="no-such-crawler")
    with pytest.raises(ClientError, match="CrawlerNotRunningException"):
        glue.stop_crawler(Name=crawler.name)
    for definition in (
        {"Targets": {"JdbcTargets": [{"ConnectionName": "c", "Path": "p"}]}},
        {"Targets": {"S3Targets": [{"Path": "no-scheme/x"}]}},
        {"Targets": {"S3Targets": [{"Path": "s3://b/x"}]}, "Configuration": "{broken"},
    ):
        with pytest.raises(ClientError, match="InvalidInputException"):
            glue.create_crawler(Name="refused", Role="r", DatabaseName="d", **definition)


@pytest.mark.parametrize(("missing", "reason"), [("bucket", "bucket does not exist"), ("database", "not found")])
def test_a_crawl_without_its_bucket_or_database_fails(client: Client, missing: str, reason: str) -> None:
    crawler = Crawler(client, "t/")
    if missing == "bucket":
        crawler.s3.delete_bucket(Bucket=crawler.bucket)
    else:
        crawler.put_parquet("t/a.parquet", id=[1])
        crawler.glue.delete_database(Name=crawler.database)
    last = crawler.crawl()
    assert last["Status"] == "FAILED"
    assert reason in last["ErrorMessage"]
