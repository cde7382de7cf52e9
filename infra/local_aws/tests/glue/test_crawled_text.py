"""Crawls of text: columns with and without a heading, classifiers, and text that would not make one table."""

import gzip
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local_aws.tests.conftest import Client
from infra.local_aws.tests.glue.crawler import Crawler

SALES = "1\t36861\t728.00\t109.20\t2/18/2008 02:36:48\n2\t8117\t76.00\t11.40\t6/6/2008 05:00:16\n"
SALES_HEADER = ["salesid", "sellerid", "pricepaid", "commission", "saletime"]
SALES_TYPES = ["bigint", "bigint", "double", "double", "string"]


@pytest.fixture
def sales_classifier(glue: Any) -> Iterator[str]:
    name = f"sales-{uuid.uuid4().hex[:12]}"
    settings = {"Delimiter": "\t", "ContainsHeader": "ABSENT", "Header": SALES_HEADER}
    glue.create_classifier(CsvClassifier={"Name": name, **settings})
    yield name
    glue.delete_classifier(Name=name)


def put_sales(crawler: Crawler, text: str = SALES) -> str:
    folder = "raw/sales/ingest_date=2026-11-21/run_id=r-1"
    for part in range(3):
        crawler.put(f"{folder}/sales_tab.txt-1f-{part:05}.gz", gzip.compress(text.encode()))
    crawler.put(f"{folder}/_manifest.json", b"{}")
    return folder


def test_text_without_a_heading_gets_numbered_columns(client: Client) -> None:
    crawler = Crawler(client, "raw/sales/")
    put_sales(crawler)
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    assert crawler.columns("sales") == {f"col{n}": kind for n, kind in enumerate(SALES_TYPES)}
    assert crawler.partitions("sales") == [["2026-11-21", "r-1"]]


def test_a_custom_classifier_names_the_columns_of_text(client: Client, sales_classifier: str) -> None:
    crawler = Crawler(client, "raw/sales/", Classifiers=[sales_classifier], TablePrefix="raw_")
    folder = put_sales(crawler)
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    table = crawler.table("raw_sales")
    assert crawler.columns("raw_sales") == dict(zip(SALES_HEADER, SALES_TYPES, strict=True))
    expected = {
        "classification": "csv",
        "delimiter": "\t",
        "compressionType": "gzip",
        "columnsOrdered": "true",
        "areColumnsQuoted": "false",
        "typeOfData": "file",
        "objectCount": "3",
    }
    assert {key: table["Parameters"][key] for key in expected} == expected
    assert not {"skip.header.line.count", "recordCount"} & set(table["Parameters"])
    (partition,) = crawler.glue.get_partitions(DatabaseName=crawler.database, TableName="raw_sales")["Partitions"]
    assert partition["StorageDescriptor"]["Location"] == f"s3://{crawler.bucket}/{folder}/"
    for storage in (table["StorageDescriptor"], partition["StorageDescriptor"]):
        assert storage["InputFormat"] == "org.apache.hadoop.mapred.TextInputFormat"
        assert storage["SerdeInfo"] == {
            "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
            "Parameters": {"field.delim": "\t"},
        }


def test_a_heading_and_quotes_are_told_to_whoever_reads_the_table(client: Client, glue: Any) -> None:
    glue.create_classifier(CsvClassifier={"Name": "quoting", "Delimiter": ";", "QuoteSymbol": "'"})
    crawler = Crawler(client, "t/", Classifiers=["quoting"])
    crawler.put("t/a.csv", b"Id;Product Name\n1;'a; b'\n2;'c'\n")
    crawler.crawl()
    table = crawler.table("t")
    assert crawler.columns("t") == {"id": "bigint", "product name": "string"}
    assert (table["Parameters"]["skip.header.line.count"], table["Parameters"]["areColumnsQuoted"]) == ("1", "true")
    assert table["StorageDescriptor"]["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
        "Parameters": {"separatorChar": ";", "quoteChar": "'"},
    }
    glue.delete_classifier(Name="quoting")


def test_other_data_of_a_crawler_with_a_classifier_is_seen_as_ever(client: Client, sales_classifier: str) -> None:
    crawler = Crawler(client, "pages/", "curated/", "odd/", Classifiers=[sales_classifier])
    crawler.put("pages/1.json", b'{"id": 1}')
    crawler.put_parquet("curated/a.parquet", id=[1])
    crawler.put("odd/picture", b"\x89PNG\0\0")
    assert crawler.crawl()["Status"] == "SUCCEEDED"
    assert (crawler.columns("pages"), crawler.columns("curated")) == ({"id": "int"}, {"id": "bigint"})
    assert crawler.table("odd")["Parameters"]["classification"] == "UNKNOWN"
    log = crawler.logs.get_log_events(logGroupName="/aws-glue/crawlers", logStreamName=crawler.name)["events"]
    notes = [line for event in log for line in event["message"].splitlines() if "skipped" in line]
    assert notes == ["skipped odd/picture: no classifier knows it"]


@pytest.mark.parametrize(
    ("key", "content", "reason"),
    [
        ("t/b.txt", b"1|2|3\n4|5|6\n", "objects these do not fit"),
        ("t/b.txt", b"1,2\n4,5\n", "objects these do not fit"),
        ("t/b.txt", b"id|n\n1|2\n4|5\n", "objects these do not fit"),
        ("t/b.json", b"{}", "several formats"),
    ],
)
def test_text_that_would_not_make_one_table_fails_the_crawl(
    client: Client, key: str, content: bytes, reason: str
) -> None:
    crawler = Crawler(client, "t/")
    crawler.put("t/a.txt", b"1|2\n3|4\n")
    crawler.put(key, content)
    last = crawler.crawl()
    assert (last["Status"], crawler.tables()) == ("FAILED", [])
    assert reason in last["ErrorMessage"]
    assert key in last["ErrorMessage"]


def test_a_crawler_and_its_classifiers_must_know_each_other(client: Client, sales_classifier: str, glue: Any) -> None:
    crawler = Crawler(client, "raw/sales/")
    for call, more in (
        (glue.update_crawler, {"Name": crawler.name}),
        (glue.create_crawler, {"Name": "refused", "Role": "r", "Targets": {"S3Targets": [{"Path": "s3://b/x"}]}}),
    ):
        with pytest.raises(ClientError, match=r"InvalidInputException.*no-such-classifier"):
            call(**more, Classifiers=[sales_classifier, "no-such-classifier"])
    glue.create_classifier(CsvClassifier={"Name": "short-lived"})
    glue.update_crawler(Name=crawler.name, Classifiers=["short-lived"])
    glue.delete_classifier(Name="short-lived")
    put_sales(crawler)
    last = crawler.crawl()
    assert (last["Status"], crawler.tables()) == ("FAILED", [])
    assert "short-lived not found" in last["ErrorMessage"]
