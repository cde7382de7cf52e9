"""S3 through boto3: what must work as in AWS, and what must be refused as in AWS."""

import concurrent.futures
import hashlib
import os
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws

MIB = 1024 * 1024


def code(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refused.value.response["Error"]["Code"])


def body(s3: Any, bucket: str, key: str, **options: Any) -> bytes:
    return bytes(s3.get_object(Bucket=bucket, Key=key, **options)["Body"].read())


def folder_of(server: LocalAws, bucket: str) -> Path:
    return server.state_dir / "s3" / bucket


def test_what_is_put_can_be_read_headed_listed_and_looked_at_on_disk(server: LocalAws, s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a/b.json", Body=b"{}", ContentType="application/json", Metadata={"run": "7"})
    assert body(s3, bucket, "a/b.json") == b"{}"
    head = s3.head_object(Bucket=bucket, Key="a/b.json")
    assert (head["ContentType"], head["Metadata"], head["ContentLength"]) == ("application/json", {"run": "7"}, 2)
    (entry,) = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert entry["Key"] == "a/b.json"
    assert entry["ETag"] == head["ETag"] == f'"{hashlib.md5(b"{}").hexdigest()}"'
    assert (folder_of(server, bucket) / "a/b.json").read_bytes() == b"{}"


def test_a_put_whose_sender_dies_half_way_leaves_no_object(server: LocalAws, s3: Any, bucket: str) -> None:
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port)) as sender:
        head = f"PUT /{bucket}/half HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: 10\r\n\r\n"
        sender.sendall(head.encode() + b"half")
        sender.shutdown(socket.SHUT_WR)
        assert sender.recv(100) == b""
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_files_that_another_program_writes_changes_or_deletes_are_seen_at_once(
    server: LocalAws, s3: Any, bucket: str
) -> None:
    s3.put_object(Bucket=bucket, Key="table/part-0", Body=b"old")
    file = folder_of(server, bucket) / "table/part-0"
    before = s3.head_object(Bucket=bucket, Key="table/part-0")["ETag"]
    file.write_bytes(b"rewritten by spark")
    assert body(s3, bucket, "table/part-0") == b"rewritten by spark"
    after = s3.head_object(Bucket=bucket, Key="table/part-0")
    assert after["ContentLength"] == 18
    assert after["ETag"] != before
    assert s3.list_objects_v2(Bucket=bucket)["Contents"][0]["ETag"] == after["ETag"]
    (file.parent / "part-1").write_bytes(b"new")
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["table/part-0", "table/part-1"]
    file.unlink()
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket=bucket, Key="table/part-0")
    assert code(refused) == "NoSuchKey"


def test_listing_reads_no_bodies(server: LocalAws, s3: Any, bucket: str) -> None:
    sparse = folder_of(server, bucket) / "huge"
    with sparse.open("wb") as file:
        file.truncate(1 << 40)  # a terabyte of nothing: hashing it would take minutes
    started = time.monotonic()
    (entry,) = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert entry["Size"] == 1 << 40
    assert time.monotonic() - started < 5


def test_pages_prefixes_and_delimiters(s3: Any, bucket: str) -> None:
    keys = sorted([f"a/{n:02}" for n in range(12)] + ["a/x/1", "a/x/2", "b/1", "top"])
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    paginator = s3.get_paginator("list_objects_v2")
    pages = list(paginator.paginate(Bucket=bucket, PaginationConfig={"PageSize": 5}))
    assert [len(page["Contents"]) for page in pages] == [5, 5, 5, 1]
    assert [entry["Key"] for page in pages for entry in page["Contents"]] == keys
    level = paginator.paginate(Bucket=bucket, Prefix="a/", Delimiter="/", PaginationConfig={"PageSize": 5})
    page_contents = [(len(page.get("Contents", [])), page.get("CommonPrefixes", [])) for page in level]
    assert page_contents == [(5, []), (5, []), (2, [{"Prefix": "a/x/"}])]
    assert [p["Prefix"] for p in s3.list_objects_v2(Bucket=bucket, Delimiter="/")["CommonPrefixes"]] == ["a/", "b/"]
    old = s3.list_objects(Bucket=bucket, MaxKeys=3, Marker="a/00")
    assert ([entry["Key"] for entry in old["Contents"]], old["IsTruncated"]) == (["a/01", "a/02", "a/03"], True)
    after = s3.list_objects_v2(Bucket=bucket, StartAfter="a/x/1")
    assert [entry["Key"] for entry in after["Contents"]] == ["a/x/2", "b/1", "top"]


def test_ranges(s3: Any, bucket: str) -> None:
    content = os.urandom(3 * MIB)
    s3.put_object(Bucket=bucket, Key="big", Body=content)
    part = s3.get_object(Bucket=bucket, Key="big", Range="bytes=1000000-1999999")
    assert part["ContentRange"] == f"bytes 1000000-1999999/{len(content)}"
    assert part["Body"].read() == content[1_000_000:2_000_000]
    assert body(s3, bucket, "big", Range="bytes=-10") == content[-10:]
    with pytest.raises(ClientError) as refused:
        s3.get_object(Bucket=bucket, Key="big", Range=f"bytes={len(content)}-")
    assert code(refused) == "InvalidRange"


def test_multipart_copy_and_batch_delete(s3: Any, bucket: str) -> None:
    upload = s3.create_multipart_upload(Bucket=bucket, Key="many", ContentType="text/plain")["UploadId"]
    parts = [b"a" * 5 * MIB, b"b" * 100]
    tags = [
        s3.upload_part(Bucket=bucket, Key="many", UploadId=upload, PartNumber=n, Body=part)["ETag"]
        for n, part in enumerate(parts, 1)
    ]
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket), "an upload in flight is no object"
    done = {"Parts": [{"PartNumber": n, "ETag": tag} for n, tag in enumerate(tags, 1)]}
    tag = s3.complete_multipart_upload(Bucket=bucket, Key="many", UploadId=upload, MultipartUpload=done)["ETag"]
    assert tag.endswith('-2"')
    assert body(s3, bucket, "many") == b"".join(parts)
    s3.copy_object(Bucket=bucket, Key="copies/one", CopySource={"Bucket": bucket, "Key": "many"})
    assert body(s3, bucket, "copies/one", Range="bytes=0-1") == b"aa"
    assert s3.head_object(Bucket=bucket, Key="copies/one")["ContentType"] == "text/plain"
    gone = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "many"}, {"Key": "copies/one"}, {"Key": "no"}]})
    assert len(gone["Deleted"]) == 3
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


def test_a_bucket_must_be_empty_to_be_deleted(server: LocalAws, s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a/b", Body=b"")
    with pytest.raises(ClientError) as refused:
        s3.delete_bucket(Bucket=bucket)
    assert code(refused) == "BucketNotEmpty"
    s3.delete_object(Bucket=bucket, Key="a/b")
    s3.delete_bucket(Bucket=bucket)
    assert not folder_of(server, bucket).exists()


@pytest.mark.parametrize("operation", ["get_object", "head_object", "put_object", "list_objects_v2"])
def test_a_missing_bucket_is_an_error(s3: Any, operation: str) -> None:
    arguments = {"Bucket": "never-made"} | ({} if operation == "list_objects_v2" else {"Key": "a"})
    with pytest.raises(ClientError) as refused:
        getattr(s3, operation)(**arguments)
    assert code(refused) in ("NoSuchBucket", "404")


def test_what_the_store_cannot_keep_is_refused(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=b"")
    refusals = {
        "InvalidArgument": lambda: s3.put_object(Bucket=bucket, Key="a/b", Body=b""),
        "KeyTooLongError": lambda: s3.put_object(Bucket=bucket, Key="k" * 300, Body=b""),
        "NotImplemented": lambda: s3.put_object_lock_configuration(
            Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}
        ),
    }
    for expected, call in refusals.items():
        with pytest.raises(ClientError) as refused:
            call()
        assert code(refused) == expected
    with pytest.raises(ClientError) as missing:
        s3.get_object(Bucket=bucket, Key="k" * 300)
    assert code(missing) == "NoSuchKey"


def test_conditional_writes(s3: Any, bucket: str) -> None:
    first = s3.put_object(Bucket=bucket, Key="lock", Body=b"1", IfNoneMatch="*")["ETag"]
    for condition in ({"IfNoneMatch": "*"}, {"IfMatch": '"0123"'}):
        with pytest.raises(ClientError) as refused:
            s3.put_object(Bucket=bucket, Key="lock", Body=b"2", **condition)
        assert code(refused) == "PreconditionFailed"
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    s3.put_object(Bucket=bucket, Key="lock", Body=b"3", IfMatch=first)
    with pytest.raises(ClientError) as stale:
        s3.delete_object(Bucket=bucket, Key="lock", IfMatch=first)
    assert code(stale) == "PreconditionFailed"
    assert body(s3, bucket, "lock") == b"3"
    with pytest.raises(ClientError) as missing:
        s3.put_object(Bucket=bucket, Key="none", Body=b"", IfMatch=first)
    assert code(missing) == "NoSuchKey"


def big(number: int) -> bytes:
    """Takes long enough to hash and write for another request to get in between, were it let."""
    return bytes([number]) * 4 * MIB


@pytest.mark.parametrize("kind", ["put", "multipart"])
def test_of_many_that_create_at_once_exactly_one_wins(s3: Any, bucket: str, kind: str) -> None:
    uploads = {}
    if kind == "multipart":
        for n in range(16):
            uploads[n] = s3.create_multipart_upload(Bucket=bucket, Key="lock")["UploadId"]
            s3.upload_part(Bucket=bucket, Key="lock", UploadId=uploads[n], PartNumber=1, Body=big(n))

    def create(n: int) -> bool:
        try:
            if kind == "put":
                s3.put_object(Bucket=bucket, Key="lock", Body=big(n), IfNoneMatch="*")
            else:
                parts = {"Parts": [{"PartNumber": 1, "ETag": hashlib.md5(big(n)).hexdigest()}]}
                s3.complete_multipart_upload(
                    Bucket=bucket, Key="lock", UploadId=uploads[n], MultipartUpload=parts, IfNoneMatch="*"
                )
        except ClientError as error:
            assert error.response["Error"]["Code"] == "PreconditionFailed"
            return False
        return True

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        won = [n for n, ok in enumerate(pool.map(create, range(16))) if ok]
    assert len(won) == 1
    assert body(s3, bucket, "lock") == big(won[0])


def test_of_many_that_replace_one_version_exactly_one_wins(s3: Any, bucket: str) -> None:
    tag = s3.put_object(Bucket=bucket, Key="lock", Body=b"first")["ETag"]

    def replace(n: int) -> bool:
        try:
            s3.put_object(Bucket=bucket, Key="lock", Body=big(n), IfMatch=tag)
        except ClientError:
            return False
        return True

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(replace, range(16))) == 1


def test_readers_never_see_half_an_object(s3: Any, bucket: str) -> None:
    versions = [bytes([65 + n]) * MIB for n in range(2)]
    s3.put_object(Bucket=bucket, Key="k", Body=versions[0])

    def write(n: int) -> None:
        s3.put_object(Bucket=bucket, Key="k", Body=versions[n % 2])

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        writes = [pool.submit(write, n) for n in range(20)]
        for _ in range(20):
            assert body(s3, bucket, "k") in versions
        for done in writes:
            done.result()
