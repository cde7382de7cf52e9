"""Glue crawlers through boto3: objects in S3 become tables and partitions, and unsupported settings are refused."""

import gzip
import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws
from infra.local_aws.tests.conftest import Client
from infra.local_aws.tests.glue.crawler import Crawler


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


def test_a_failed_crawl_names_the_odd_objects_and_catalogs_the_other_targets(client: Client) -> None:
    crawler = Crawler(client, "t/", "u/")
    for key in ("t/d=1/a.txt", "t/d=3/a.txt", "t/d=4/a.txt"):
        crawler.put(key, b"1|2\n3|4\n")
    crawler.put("t/d=2/odd.txt", b"1|2|\n3|4|\n")
    crawler.put("u/b.txt", b"1|2\n")
    message = crawler.crawl()["ErrorMessage"]
    assert "4 sampled objects these do not fit: t/d=2/odd.txt (" in message
    assert "3 columns" in message
    assert crawler.tables() == ["u"]


def test_a_column_named_like_a_partition_fails_the_crawl(client: Client) -> None:
    """Left out it would shift all columns after it."""
    crawler = Crawler(client, "t/")
    crawler.put("t/day=1/a.csv", b"Day,price\nmon,2\ntue,3\n")
    assert "columns named like folders of partitions: ['day']" in crawler.crawl()["ErrorMessage"]


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


def test_two_folders_of_one_name_are_two_tables_at_every_crawl(client: Client) -> None:
    crawler = Crawler(client, "eu/sales/", "us/sales", "us/Sales/")
    for folder, column in (("eu/sales", "euros"), ("us/sales", "dollars"), ("us/Sales", "cents")):
        crawler.put_parquet(f"{folder}/a.parquet", **{column: [1]})
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    names = crawler.tables()
    assert names[0] == "sales"
    assert len(names) == 3
    assert all(re.fullmatch(r"sales_[0-9a-f]{32}", name) for name in names[1:])
    by_folder = {crawler.location(name): list(crawler.columns(name)) for name in names}
    assert by_folder == {"eu/sales/": ["euros"], "us/sales/": ["dollars"], "us/Sales/": ["cents"]}
    crawler.put_parquet("us/sales/b.parquet", dollars=[1], tax=[2])
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    assert crawler.tables() == names
    (table_name,) = [name for name in names if crawler.location(name) == "us/sales/"]
    assert list(crawler.columns(table_name)) == ["dollars", "tax"]


def test_a_table_of_that_name_that_no_crawler_made_is_left_alone(client: Client) -> None:
    crawler = Crawler(client, "t/")
    crawler.glue.create_table(DatabaseName=crawler.database, TableInput={"Name": "t", "Description": "a view"})
    crawler.put_parquet("t/a.parquet", id=[1])
    crawler.crawl()
    assert crawler.table("t")["Description"] == "a view"
    (other,) = [name for name in crawler.tables() if name != "t"]
    assert crawler.columns(other) == {"id": "bigint"}


def test_a_target_may_be_one_object(client: Client) -> None:
    crawler = Crawler(client, "drop/Sales-2025.csv")
    crawler.put("drop/Sales-2025.csv", b"id,amount\n1,2.5\n2,3.5\n")
    crawler.put("drop/other.json", b"{}")
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    assert crawler.tables() == ["sales_2025_csv"]
    assert crawler.location("sales_2025_csv") == "drop/Sales-2025.csv"
    assert crawler.columns("sales_2025_csv") == {"id": "bigint", "amount": "double"}
    crawler.put("drop/Sales-2025.csv", b"id,amount,city\n1,2.5,Graz\n2,3.5,Linz\n")
    crawler.crawl()
    assert list(crawler.columns("sales_2025_csv")) == ["id", "amount", "city"]


def test_a_bucket_may_be_a_target_beside_folders_in_it(client: Client) -> None:
    crawler = Crawler(client, "", "inner/")
    crawler.put_parquet("a.parquet", outer=[1])
    crawler.put_parquet("inner/d=1/a.parquet", inner=[1])
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    whole = crawler.bucket.replace("-", "_")
    assert (list(crawler.columns(whole)), list(crawler.columns("inner"))) == (["outer"], ["inner"])


def test_markers_of_spark_and_emr_are_no_data(client: Client) -> None:
    """Of the kind `Exclusions` does not name: what a Glue crawler of the console has."""
    crawler = Crawler(client, "t/")
    target = [{"Path": f"s3://{crawler.bucket}/t/"}]
    crawler.glue.update_crawler(Name=crawler.name, Targets={"S3Targets": target})
    crawler.put_parquet("t/d=1/part-0.parquet", id=[1])
    for marker in ("t/_SUCCESS", "t/d=1_$folder$", "t/_temporary/0/task_1/part-0.parquet", "t/d=1/_committed_7"):
        crawler.put(marker, b"x")
    for empty in ("t/", "t/d=1/", "t/d=2/", "t/d=3/empty.parquet"):
        crawler.put(empty, b"")
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    assert crawler.partitions("t") == [["1"]]
    assert crawler.table("t")["Parameters"]["objectCount"] == "1"


def test_new_folders_only_leaves_the_table_and_old_partitions_alone(client: Client) -> None:
    policies = {
        "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
        "SchemaChangePolicy": {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"},
    }
    crawler = Crawler(client, "t/", **policies)
    crawler.put_parquet("t/d=1/a.parquet", id=[1])
    crawler.crawl()
    crawler.put("t/d=1/b.parquet", b"not looked at")
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    crawler.put_parquet("t/d=2/a.parquet", id=[1], city=["Graz"])
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    assert (crawler.columns("t"), crawler.partitions("t")) == ({"id": "bigint"}, [["1"], ["2"]])


def test_merge_new_columns_keeps_columns_that_are_gone(client: Client) -> None:
    settings = {"Version": 1.0, "CrawlerOutput": {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}}
    crawler = Crawler(client, "t/", Configuration=json.dumps(settings))
    crawler.put_parquet("t/a.parquet", id=[1], old=["x"])
    crawler.crawl()
    crawler.put_parquet("t/a.parquet", id=["now text"], new=[1])
    crawler.crawl()
    assert crawler.columns("t") == {"id": "bigint", "old": "string", "new": "bigint"}


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
