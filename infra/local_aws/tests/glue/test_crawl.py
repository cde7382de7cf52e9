"""Crawling a target: the tables, columns and partitions that its objects become."""

import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infra.local_aws.glue.crawl import SAMPLES, explore
from infra.local_aws.glue.crawl_objects import CrawlError, Target
from infra.local_aws.s3.disk import S3Disk


def test_partition_values_are_decoded_and_plain_folders_numbered(disk: S3Disk) -> None:
    disk.write("lake", "t/2025/city=New%20York/a.json", [b'{"x": 1}'])
    table = explore(disk, Target("s3://lake/t/"))
    assert table is not None
    assert table.partition_keys == ["partition_0", "city"]
    assert table.partitions[0].values == ("2025", "New York")


def test_only_a_bounded_number_of_json_objects_is_read(disk: S3Disk) -> None:
    for day in range(40):
        for page in range(5):
            disk.write("lake", f"t/d={day:02}/{page}.json", [json.dumps({f"c{day:02}_{page}": 1}).encode()])
    table = explore(disk, Target("s3://lake/t/"))
    assert table is not None
    assert len(table.columns) == SAMPLES
    assert "c39_0" in table.columns, "the newest partition is looked at first"
    assert table.objects == 200


@pytest.mark.parametrize("hostile", [b"\x1f\x8bnot gzip", b"[1, 2]", b"[" * 100_000, b"\xff\xfe\x00", b"null"])
def test_hostile_objects_are_noted_and_skipped(disk: S3Disk, hostile: bytes) -> None:
    disk.write("lake", "t/good.json", [b'{"x": 1}'])
    disk.write("lake", "t/bad.json.gz", [hostile])
    table = explore(disk, Target("s3://lake/t/"))
    assert table is not None
    assert list(table.columns) == ["x"]
    assert [note.split(":")[0] for note in table.notes] == ["skipped t/bad.json.gz"]


def test_a_missing_bucket_is_an_error(disk: S3Disk) -> None:
    with pytest.raises(CrawlError, match="does not exist"):
        explore(disk, Target("s3://nowhere/t/"))


def parquet(**columns: list[object]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def test_columns_of_two_objects_that_differ_in_case_are_one_column(disk: S3Disk) -> None:
    disk.write("lake", "t/a.parquet", [parquet(Id=[1], name=["x"])])
    disk.write("lake", "t/b.parquet", [parquet(id=[1], Name=["y"])])
    table = explore(disk, Target("s3://lake/t"))
    assert table is not None
    assert {name: str(kind) for name, kind in table.columns.items()} == {"id": "bigint", "name": "string"}


def test_columns_of_one_object_that_differ_in_case_fail_the_crawl(disk: S3Disk) -> None:
    """The one read last would replace the other, with another type and other values."""
    disk.write("lake", "t/a.parquet", [parquet(Id=[1], id=["x"])])
    with pytest.raises(CrawlError, match=r"t/a.parquet has columns that differ in case only: \['Id', 'id'\]"):
        explore(disk, Target("s3://lake/t"))


def test_conflicting_types_are_seen_whatever_the_case(disk: S3Disk) -> None:
    disk.write("lake", "t/a.parquet", [parquet(Id=[1])])
    disk.write("lake", "t/b.parquet", [parquet(id=["x"])])
    with pytest.raises(CrawlError, match="column id: bigint and string"):
        explore(disk, Target("s3://lake/t"))


def test_keys_of_a_json_object_that_differ_in_case_are_one_column_of_both(disk: S3Disk) -> None:
    disk.write("lake", "t/a.json", [b'{"Id": 1, "id": 2.5, "Name": "x"}'])
    table = explore(disk, Target("s3://lake/t"))
    assert table is not None
    assert {name: str(kind) for name, kind in table.columns.items()} == {"id": "double", "name": "string"}


def test_a_sample_size_bounds_what_is_read_of_each_folder(disk: S3Disk) -> None:
    for day in (1, 2):
        disk.write("lake", f"t/d={day}/a.parquet", [parquet(id=[1])])
        disk.write("lake", f"t/d={day}/b.parquet", [b"never read"])
    table = explore(disk, Target("s3://lake/t", sample_size=1))
    assert table is not None
    assert (table.objects, table.records) == (4, None)
