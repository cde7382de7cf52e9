"""Which objects of a target are data, and which partitions they are."""

import pytest

from infra.local_aws.glue.crawl_objects import CrawlError, Target, find_objects, is_marker
from infra.local_aws.s3.disk import S3Disk


def put(disk: S3Disk, *keys: str) -> None:
    for key in keys:
        disk.write("lake", key, [b"{}"])


def keys_found(disk: S3Disk, target: Target) -> list[str]:
    table_objects = find_objects(disk, target)
    return sorted(table_objects.keys) if table_objects else []


@pytest.mark.parametrize(
    ("exclusion", "left"),
    [
        ("x*", ["d=1/a.json", "d=1/b.csv", "d=1/x.json"]),
        ("**/x*", ["d=1/a.json", "d=1/b.csv"]),
        ("**.csv", ["d=1/a.json", "d=1/x.json"]),
        ("*.csv", ["d=1/a.json", "d=1/b.csv", "d=1/x.json"]),
        ("d=1/{x,a}.*", ["d=1/b.csv"]),
        ("d=?/[ab].*", ["d=1/x.json"]),
        ("d=?/[!x]*", ["d=1/x.json"]),
    ],
)
def test_exclusions_are_java_globs_relative_to_the_target(disk: S3Disk, exclusion: str, left: list[str]) -> None:
    put(disk, "t/d=1/a.json", "t/d=1/x.json", "t/d=1/b.csv", "t2/other.json")
    remaining_keys = keys_found(disk, Target("s3://lake/t", [exclusion]))
    assert [key.removeprefix("t/") for key in remaining_keys] == left


@pytest.mark.parametrize(
    "marker",
    [
        "_SUCCESS",
        "d=1/_SUCCESS",
        "d=1_$folder$",
        "d=1/_$folder$",
        "_temporary/0/_temporary/attempt_1/part-0.parquet",
        "d=1/_temporary/0/part-0.parquet",
        "_metadata",
        "_common_metadata",
        "_started_4711",
        "_committed_4711",
        "_delta_log/00000.json",
        ".hoodie/hoodie.properties",
        ".part-0.parquet.crc",
        "part-0.parquet.crc",
        ".spark-staging-1/d=1/part-0.parquet",
        "part-0.parquet._COPYING_",
        "folder/",
        "",
    ],
)
def test_markers_are_not_data(marker: str) -> None:
    assert is_marker(marker)


@pytest.mark.parametrize("key", ["part-0.parquet", "_year=2025/a.json", "a_b/c_.json", "d=_x/a.csv", "SUCCESS.csv"])
def test_data_is_not_taken_for_a_marker(key: str) -> None:
    assert not is_marker(key)


def test_the_path_to_the_target_may_begin_with_an_underscore(disk: S3Disk) -> None:
    put(disk, "_raw/a.json")
    assert keys_found(disk, Target("s3://lake/_raw/")) == ["_raw/a.json"]


def test_a_target_without_data_holds_nothing(disk: S3Disk) -> None:
    put(disk, "t/_SUCCESS")
    disk.write("lake", "t/d=1/empty.json", [b""])
    assert find_objects(disk, Target("s3://lake/t/")) is None


@pytest.mark.parametrize("uri", ["s3://lake", "s3://lake/"])
def test_an_object_belongs_to_the_deepest_of_a_crawlers_targets(disk: S3Disk, uri: str) -> None:
    put(disk, "a.json", "b/c/x.json", "b/c2/y.json", "b/z.json")
    others = [uri, "s3://lake/b/c", "s3://lake/b/z.json", "s3://other/b/c2"]
    assert keys_found(disk, Target(uri, others=others, exclusions=["b/c2/*"])) == ["a.json"]
    assert keys_found(disk, Target("s3://lake/b/c", others=others)) == ["b/c/x.json"]


def test_one_object_is_a_table_at_its_own_place(disk: S3Disk) -> None:
    put(disk, "t/d=1/a.json", "t/d=1/b.json")
    table_objects = find_objects(disk, Target("s3://lake/t/d=1/a.json"))
    assert table_objects is not None
    assert (table_objects.location, table_objects.keys) == ("s3://lake/t/d=1/a.json", ["t/d=1/a.json"])
    assert table_objects.partition_keys == []


def test_partition_keys_that_differ_in_case_are_one_key(disk: S3Disk) -> None:
    put(disk, "t/Year=2025/a.json", "t/year=2026/a.json")
    table_objects = find_objects(disk, Target("s3://lake/t/"))
    assert table_objects is not None
    assert table_objects.partition_keys == ["year"]
    assert sorted(partition.values for partition in table_objects.partitions) == [("2025",), ("2026",)]


def test_two_folders_that_are_one_partition_fail_the_crawl(disk: S3Disk) -> None:
    put(disk, "t/Year=2025/a.json", "t/year=2025/a.json")
    with pytest.raises(CrawlError, match=r"t/Year=2025/ and s3://lake/t/year=2025/ are the same partition"):
        find_objects(disk, Target("s3://lake/t/"))


def test_a_partition_key_that_comes_twice_fails_the_crawl(disk: S3Disk) -> None:
    put(disk, "t/Day=1/day=2/a.json")
    with pytest.raises(CrawlError, match="names a partition key twice"):
        find_objects(disk, Target("s3://lake/t/"))
