"""Objects in S3: whole, streamed, conditional, listed over page boundaries."""

from __future__ import annotations

from pathlib import Path

import pytest

from aws_services.errors import InvalidRequest, NoSuchBucket, NotFound, PreconditionFailed
from aws_services.s3 import S3, S3Files


@pytest.fixture
def s3(mocked_aws: None) -> S3:
    client = S3()
    client._client.create_bucket(Bucket="lake")
    return client


def test_what_was_put_is_got(s3: S3) -> None:
    etag = s3.put("lake", "a/b", b"\x00\xff", content_type="text/x", metadata={"records": "3"})
    assert s3.get("lake", "a/b") == b"\x00\xff"
    assert s3.get_with_etag("lake", "a/b") == (b"\x00\xff", etag)
    about = s3.head("lake", "a/b")
    assert (about.key, about.size, about.etag, about.metadata) == ("a/b", 2, etag, {"records": "3"})
    assert about.modified.tzinfo is not None


def test_put_if_absent_never_replaces(s3: S3) -> None:
    s3.put_if_absent("lake", "a", b"one", metadata={"x": "1"})
    with pytest.raises(PreconditionFailed, match="s3://lake/a"):
        s3.put_if_absent("lake", "a", b"two")
    assert s3.get("lake", "a") == b"one"


def test_put_if_match_replaces_only_what_was_read(s3: S3) -> None:
    _, etag = s3.put("lake", "a", b"one"), s3.get_with_etag("lake", "a")[1]
    newer = s3.put_if_match("lake", "a", b"two", etag)
    with pytest.raises(PreconditionFailed):
        s3.put_if_match("lake", "a", b"three", etag)
    assert s3.get_with_etag("lake", "a") == (b"two", newer)
    s3.delete("lake", "a")
    with pytest.raises(PreconditionFailed):
        s3.put_if_match("lake", "a", b"four", newer)
    assert not s3.exists("lake", "a")


def test_what_is_not_there_is_not_found(s3: S3, tmp_path: Path) -> None:
    for ask in (s3.get, s3.get_with_etag, s3.head, lambda bucket, key: s3.copy(bucket, key, "b")):
        with pytest.raises(NotFound, match="s3://lake/none"):
            ask("lake", "none")
    with pytest.raises(NotFound), s3.open("lake", "none"):
        pass
    with pytest.raises(NotFound):
        s3.download("lake", "none", tmp_path / "file")
    assert not s3.exists("lake", "none")
    s3.delete("lake", "none")


def test_a_missing_bucket_is_never_taken_for_a_missing_object(s3: S3, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for ask in (
        lambda: s3.get("nowhere", "a"),
        lambda: s3.exists("nowhere", "a"),
        lambda: s3.put("nowhere", "a", b""),
        lambda: s3.put_if_absent("nowhere", "a", b""),
        lambda: s3.put_if_match("nowhere", "a", b"", '"0"'),
        lambda: s3.put_file("nowhere", "a", tmp_path / "file"),
        lambda: list(s3.list("nowhere")),
        lambda: s3.delete_many("nowhere", ["a"]),
    ):
        with pytest.raises(NoSuchBucket, match="nowhere"):
            ask()


def test_files_and_streams(s3: S3, tmp_path: Path) -> None:
    content = bytes(range(256)) * 4096
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    s3.put_file("lake", "big", source, content_type="application/x-parquet")
    s3.download("lake", "big", target)
    assert target.read_bytes() == content
    with s3.open("lake", "big") as stream:
        assert stream.read(256) == bytes(range(256))
        assert len(stream.read()) == len(content) - 256
    s3.copy("lake", "big", "copy")
    assert s3.get("lake", "copy") == content


def test_listings_go_over_the_pages_end_in_key_order(s3: S3) -> None:
    keys = sorted(f"many/{number:04}" for number in range(1005))
    for key in keys:
        s3.put("lake", key, b"")
    s3.put("lake", "other", b"")
    assert [entry.key for entry in s3.list("lake", "many/")] == keys
    assert s3.delete_prefix("lake", "many/") == 1005
    assert [entry.key for entry in s3.list("lake")] == ["other"]


def test_folders_are_listed(s3: S3) -> None:
    for key in ("raw/a/1", "raw/a/2", "raw/b/1", "raw/c"):
        s3.put("lake", key, b"")
    assert list(s3.list_prefixes("lake", "raw/")) == ["raw/a/", "raw/b/"]


def test_a_whole_bucket_is_never_emptied_by_accident(s3: S3) -> None:
    with pytest.raises(ValueError, match="refusing"):
        s3.delete_prefix("lake", "")


def test_files_are_opened_and_listed_by_their_uri(s3: S3) -> None:
    for key in ("drop/b.txt", "drop/a.txt", "drop/deeper/c.txt", "dropped.txt"):
        s3.put("lake", key, key.encode())
    files = S3Files(s3)
    assert list(files.list("s3://lake/drop")) == list(files.list("s3://lake/drop/")) == ["a.txt", "b.txt"]
    with files.open("s3://lake/drop/a.txt") as stream:
        assert stream.read() == b"drop/a.txt"
    for uri in ("https://lake/a.txt", "s3://", "lake/a.txt"):
        with pytest.raises(InvalidRequest, match="s3://bucket/key"):
            files.open(uri)
