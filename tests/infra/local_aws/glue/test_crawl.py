"""Which objects a crawl looks at."""

import json
from pathlib import Path

import pytest

from infra.local_aws.glue.crawl import SAMPLES, CrawlError, explore
from infra.local_aws.s3.disk import S3Disk


@pytest.fixture
def disk(tmp_path: Path) -> S3Disk:
    made = S3Disk(tmp_path / "s3")
    made.create_bucket("lake")
    return made


def keys_found(disk: S3Disk, *exclusions: str) -> list[str]:
    found = explore(disk, "s3://lake/t", list(exclusions))
    return sorted(key.removeprefix("t/") for partition in (found.partitions if found else []) for key in partition.keys)


@pytest.mark.parametrize(
    ("exclusion", "left"),
    [
        ("_*", ["d=1/_x.json", "d=1/a.json", "d=1/b.csv"]),
        ("**/_*", ["d=1/a.json", "d=1/b.csv"]),
        ("**.csv", ["d=1/_x.json", "d=1/a.json"]),
        ("*.csv", ["d=1/_x.json", "d=1/a.json", "d=1/b.csv"]),
        ("d=1/{_x,a}.*", ["d=1/b.csv"]),
        ("d=?/[ab].*", ["d=1/_x.json"]),
        ("d=?/[!_]*", ["d=1/_x.json"]),
    ],
)
def test_exclusions_are_java_globs_relative_to_the_target(
    disk: S3Disk, exclusion: str, left: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local_aws.glue.crawl._format", lambda keys: ("UNKNOWN", False))
    for key in ("a.json", "_x.json", "b.csv"):
        disk.write("lake", f"t/d=1/{key}", [b"{}"])
    disk.write("lake", "t2/other.json", [b"{}"])
    assert keys_found(disk, exclusion) == left


def test_partition_values_are_decoded_and_plain_folders_numbered(disk: S3Disk) -> None:
    disk.write("lake", "t/2025/city=New%20York/a.json", [b'{"x": 1}'])
    found = explore(disk, "s3://lake/t/", [])
    assert found is not None
    assert found.partition_keys == ["partition_0", "city"]
    assert found.partitions[0].values == ("2025", "New York")


def test_only_a_bounded_number_of_json_objects_is_read(disk: S3Disk) -> None:
    for day in range(40):
        for page in range(5):
            disk.write("lake", f"t/d={day:02}/{page}.json", [json.dumps({f"c{day:02}_{page}": 1}).encode()])
    found = explore(disk, "s3://lake/t/", [])
    assert found is not None
    assert len(found.columns) == SAMPLES
    assert "c39_0" in found.columns, "the newest partition is looked at first"
    assert found.objects == 200


@pytest.mark.parametrize("hostile", [b"", b"\x1f\x8bnot gzip", b"[1, 2]", b"[" * 100_000, b"\xff\xfe\x00", b"null"])
def test_hostile_objects_are_noted_and_skipped(disk: S3Disk, hostile: bytes) -> None:
    disk.write("lake", "t/good.json", [b'{"x": 1}'])
    disk.write("lake", "t/bad.json.gz", [hostile])
    found = explore(disk, "s3://lake/t/", [])
    assert found is not None
    assert list(found.columns) == ["x"]
    assert [note.split(":")[0] for note in found.notes] == ["skipped t/bad.json.gz"]


def test_a_missing_bucket_is_an_error(disk: S3Disk) -> None:
    with pytest.raises(CrawlError, match="does not exist"):
        explore(disk, "s3://nowhere/t/", [])
