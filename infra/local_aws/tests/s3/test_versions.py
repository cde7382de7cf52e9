"""Versions of objects through boto3, as S3's documentation describes them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html and the pages below it.
"""

import urllib.request
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws


def switch(s3: Any, bucket: str, status: str) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})


@pytest.fixture
def versioned(s3: Any, bucket: str) -> str:
    switch(s3, bucket, "Enabled")
    return bucket


def put(s3: Any, bucket: str, key: str, body: str) -> str:
    """The id of the version that was put."""
    return str(s3.put_object(Bucket=bucket, Key=key, Body=body.encode()).get("VersionId", "none"))


def body(s3: Any, bucket: str, key: str, **version: str) -> str:
    return str(s3.get_object(Bucket=bucket, Key=key, **version)["Body"].read().decode())


def listed(s3: Any, bucket: str, **options: Any) -> list[tuple[str, str, bool, str]]:
    """Key, version, whether it is the latest, and what it is; versions before delete markers, as boto3 has them."""
    page = s3.list_object_versions(Bucket=bucket, **options)
    return [
        (entry["Key"], entry["VersionId"], entry["IsLatest"], kind)
        for kind, name in (("object", "Versions"), ("marker", "DeleteMarkers"))
        for entry in page.get(name, [])
    ]


def refusal(call: Callable[[], Any]) -> tuple[str, int, dict[str, str]]:
    """Code, status and headers of a call that must fail."""
    with pytest.raises(ClientError) as refused:
        call()
    metadata = refused.value.response["ResponseMetadata"]
    return refused.value.response["Error"]["Code"], metadata["HTTPStatusCode"], metadata["HTTPHeaders"]


def test_every_put_is_a_version_and_the_newest_is_the_object(server: LocalAws, s3: Any, versioned: str) -> None:
    first, second, third = (put(s3, versioned, "a/k", text) for text in ("one", "two!", "three"))
    assert len({first, second, third}) == 3
    assert [body(s3, versioned, "a/k", VersionId=version_id) for version_id in (first, second, third)] == [
        "one",
        "two!",
        "three",
    ]
    current = s3.get_object(Bucket=versioned, Key="a/k")
    assert (current["VersionId"], current["Body"].read()) == (third, b"three")
    assert s3.head_object(Bucket=versioned, Key="a/k", VersionId=first)["ContentLength"] == 3
    assert listed(s3, versioned) == [
        ("a/k", third, True, "object"),
        ("a/k", second, False, "object"),
        ("a/k", first, False, "object"),
    ]
    sizes = [entry["Size"] for entry in s3.list_object_versions(Bucket=versioned)["Versions"]]
    tags = {entry["ETag"] for entry in s3.list_object_versions(Bucket=versioned)["Versions"]}
    assert (sizes, len(tags)) == ([5, 4, 3], 3)
    assert (server.state_dir / "s3" / versioned / "a/k").read_text() == "three"
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=versioned)["Contents"]] == ["a/k"]


def test_a_delete_marker_hides_an_object_and_deleting_it_brings_the_object_back(s3: Any, versioned: str) -> None:
    first = put(s3, versioned, "k", "one")
    marker = s3.delete_object(Bucket=versioned, Key="k")
    assert marker["DeleteMarker"] is True
    code, status, headers = refusal(lambda: s3.get_object(Bucket=versioned, Key="k"))
    assert (code, status, headers["x-amz-delete-marker"]) == ("NoSuchKey", 404, "true")
    assert headers["x-amz-version-id"] == marker["VersionId"]
    _, status, headers = refusal(lambda: s3.head_object(Bucket=versioned, Key="k"))
    assert (status, headers["x-amz-delete-marker"]) == (404, "true")
    assert "Contents" not in s3.list_objects_v2(Bucket=versioned)
    assert listed(s3, versioned) == [("k", first, False, "object"), ("k", marker["VersionId"], True, "marker")]
    assert body(s3, versioned, "k", VersionId=first) == "one"
    undone = s3.delete_object(Bucket=versioned, Key="k", VersionId=marker["VersionId"])
    assert (undone["DeleteMarker"], undone["VersionId"]) == (True, marker["VersionId"])
    assert body(s3, versioned, "k") == "one"
    assert listed(s3, versioned) == [("k", first, True, "object")]


def test_reading_a_delete_marker_itself_is_not_allowed(s3: Any, versioned: str) -> None:
    put(s3, versioned, "k", "one")
    marker = s3.delete_object(Bucket=versioned, Key="k")["VersionId"]
    for read in (s3.get_object, s3.head_object):
        code, status, headers = refusal(lambda read=read: read(Bucket=versioned, Key="k", VersionId=marker))
        assert code in ("MethodNotAllowed", "405")
        assert (status, headers["allow"], headers["x-amz-delete-marker"]) == (405, "DELETE", "true")


def test_deleting_versions_one_by_one(s3: Any, versioned: str) -> None:
    first, second, third = (put(s3, versioned, "k", text) for text in ("one", "two", "three"))
    s3.delete_object(Bucket=versioned, Key="k", VersionId=second)
    code, status, _ = refusal(lambda: s3.get_object(Bucket=versioned, Key="k", VersionId=second))
    assert (code, status) == ("NoSuchVersion", 404)
    s3.delete_object(Bucket=versioned, Key="k", VersionId=third)
    assert body(s3, versioned, "k") == "one"
    assert s3.get_object(Bucket=versioned, Key="k")["VersionId"] == first
    s3.delete_object(Bucket=versioned, Key="k", VersionId=first)
    assert refusal(lambda: s3.get_object(Bucket=versioned, Key="k"))[0] == "NoSuchKey"
    assert listed(s3, versioned) == []
    again = s3.delete_object(Bucket=versioned, Key="k", VersionId=first)
    assert again["VersionId"] == first, "deleting what is not there succeeds"


def test_a_key_that_never_was_gets_a_delete_marker_too(s3: Any, versioned: str) -> None:
    marker = s3.delete_object(Bucket=versioned, Key="never")["VersionId"]
    assert listed(s3, versioned) == [("never", marker, True, "marker")]


def test_objects_from_before_versioning_and_while_suspended_are_the_null_version(s3: Any, bucket: str) -> None:
    assert put(s3, bucket, "k", "before") == "none"
    switch(s3, bucket, "Enabled")
    assert s3.get_object(Bucket=bucket, Key="k")["VersionId"] == "null"
    second = put(s3, bucket, "k", "second")
    assert body(s3, bucket, "k", VersionId="null") == "before"
    switch(s3, bucket, "Suspended")
    assert put(s3, bucket, "k", "third") == "null"
    assert listed(s3, bucket) == [("k", "null", True, "object"), ("k", second, False, "object")]
    assert body(s3, bucket, "k", VersionId="null") == "third"
    assert put(s3, bucket, "k", "fourth") == "null"
    assert listed(s3, bucket) == [("k", "null", True, "object"), ("k", second, False, "object")]
    marker = s3.delete_object(Bucket=bucket, Key="k")
    assert (marker["DeleteMarker"], marker["VersionId"]) == (True, "null")
    assert listed(s3, bucket) == [("k", second, False, "object"), ("k", "null", True, "marker")]
    s3.delete_object(Bucket=bucket, Key="k", VersionId="null")
    assert body(s3, bucket, "k") == "second"
    switch(s3, bucket, "Enabled")
    assert body(s3, bucket, "k") == "second"


def test_without_versioning_every_object_is_the_null_version(s3: Any, bucket: str) -> None:
    for key in ("a", "b/c"):
        put(s3, bucket, key, key)
    assert listed(s3, bucket) == [("a", "null", True, "object"), ("b/c", "null", True, "object")]
    assert body(s3, bucket, "a", VersionId="null") == "a"
    assert s3.head_object(Bucket=bucket, Key="a", VersionId="null")["ContentLength"] == 1
    assert "VersionId" not in s3.get_object(Bucket=bucket, Key="a")
    assert refusal(lambda: s3.get_object(Bucket=bucket, Key="a", VersionId="0123"))[0] == "NoSuchVersion"
    s3.delete_object(Bucket=bucket, Key="a", VersionId="null")
    assert listed(s3, bucket) == [("b/c", "null", True, "object")]


@pytest.mark.parametrize("status", ["Enabled", "Suspended", None])
def test_all_versions_can_be_deleted_and_then_the_bucket(
    server: LocalAws, s3: Any, bucket: str, status: str | None
) -> None:
    put(s3, bucket, "a", "before")
    if status:
        switch(s3, bucket, status)
    for key in ("a", "a0", "folder/b", "folder/b", "folder/c"):
        put(s3, bucket, key, key)
    s3.delete_object(Bucket=bucket, Key="folder/c")
    s3.delete_object(Bucket=bucket, Key="a")
    put(s3, bucket, "a/now-a-folder", "x")
    assert refusal(lambda: s3.delete_bucket(Bucket=bucket))[0] == "BucketNotEmpty"
    session = boto3.Session("local", "local", region_name="us-east-1")
    versions = session.resource("s3", endpoint_url=server.url).Bucket(bucket).object_versions
    answers = versions.delete()
    assert not any(answer.get("Errors") for answer in answers)
    assert listed(s3, bucket) == []
    s3.delete_bucket(Bucket=bucket)
    assert not list((server.state_dir / "s3" / ".versions").glob(f"{bucket}*"))


def test_many_are_deleted_at_once_with_and_without_versions(s3: Any, versioned: str) -> None:
    first, second = put(s3, versioned, "a", "one"), put(s3, versioned, "a", "two")
    put(s3, versioned, "b", "b")
    answer = s3.delete_objects(
        Bucket=versioned, Delete={"Objects": [{"Key": "a", "VersionId": first}, {"Key": "b"}, {"Key": "none"}]}
    )
    deleted = {entry["Key"]: entry for entry in answer["Deleted"]}
    assert deleted["a"] == {"Key": "a", "VersionId": first}
    assert deleted["b"]["DeleteMarker"] is True
    marker = deleted["b"]["DeleteMarkerVersionId"]
    assert {("a", second, True, "object"), ("b", marker, True, "marker")} < {*listed(s3, versioned)}
    answer = s3.delete_objects(Bucket=versioned, Delete={"Objects": [{"Key": "b", "VersionId": marker}]})
    assert answer["Deleted"] == [
        {"Key": "b", "VersionId": marker, "DeleteMarker": True, "DeleteMarkerVersionId": marker}
    ]
    assert body(s3, versioned, "b") == "b"


def test_pages_of_versions(s3: Any, versioned: str) -> None:
    expected = []
    for key in ("a", "b/1", "b/2", "b0", "ü +&"):
        ids = [put(s3, versioned, key, str(n)) for n in range(3)]
        expected += [(key, version_id) for version_id in reversed(ids)] if key != "b/1" else []
        if key == "b/1":
            ids.append(s3.delete_object(Bucket=versioned, Key=key)["VersionId"])
            expected += [(key, version_id) for version_id in reversed(ids)]
    expected.sort(key=lambda entry: entry[0])
    for size in (1, 2, 3, 5, 100):
        paged_versions: list[tuple[str, str]] = []
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=versioned, PaginationConfig={"PageSize": size})
        for page in pages:
            entries = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            assert len(entries) <= size
            paged_versions += [(entry["Key"], entry["VersionId"]) for entry in entries]
        assert sorted(paged_versions) == sorted(expected), size
        if size == 1:
            assert paged_versions == expected
    assert len(listed(s3, versioned, KeyMarker="b/1")) == 9
    assert [entry[1] for entry in listed(s3, versioned, Prefix="a")] == [
        version_id for key, version_id in expected if key == "a"
    ]
    assert listed(s3, versioned, MaxKeys=0) == []


def test_common_prefixes_of_versions(s3: Any, versioned: str) -> None:
    for key in ("a", "f/1", "f/2", "g-1", "g-2", "h/1"):
        put(s3, versioned, key, key)
    s3.delete_object(Bucket=versioned, Key="h/1")
    page = s3.list_object_versions(Bucket=versioned, Delimiter="/")
    assert [entry["Prefix"] for entry in page["CommonPrefixes"]] == ["f/", "h/"], "a deleted object is listed too"
    assert [entry["Key"] for entry in page["Versions"]] == ["a", "g-1", "g-2"]
    page = s3.list_object_versions(Bucket=versioned, Delimiter="-", Prefix="g")
    assert [entry["Prefix"] for entry in page["CommonPrefixes"]] == ["g-"]
    page = s3.list_object_versions(Bucket=versioned, Delimiter="/", MaxKeys=2)
    assert (page["IsTruncated"], page["NextKeyMarker"], page.get("NextVersionIdMarker")) == (True, "f/", None)
    rest = s3.list_object_versions(Bucket=versioned, Delimiter="/", KeyMarker="f/")
    assert [entry["Key"] for entry in rest["Versions"]] == ["g-1", "g-2"]
    assert [entry["Prefix"] for entry in rest["CommonPrefixes"]] == ["h/"]


def test_copies_and_multipart_uploads_are_versions(s3: Any, versioned: str) -> None:
    first = put(s3, versioned, "k", "one")
    put(s3, versioned, "k", "two")
    source = {"Bucket": versioned, "Key": "k", "VersionId": first}
    copied = s3.copy_object(Bucket=versioned, Key="k", CopySource=source)
    assert copied["CopySourceVersionId"] == first
    assert s3.get_object(Bucket=versioned, Key="k")["VersionId"] == copied["VersionId"]
    assert body(s3, versioned, "k") == "one"
    upload = s3.create_multipart_upload(Bucket=versioned, Key="k")["UploadId"]
    part = s3.upload_part(Bucket=versioned, Key="k", UploadId=upload, PartNumber=1, Body=b"parts")["ETag"]
    done = {"Parts": [{"PartNumber": 1, "ETag": part}]}
    completed = s3.complete_multipart_upload(Bucket=versioned, Key="k", UploadId=upload, MultipartUpload=done)
    assert body(s3, versioned, "k", VersionId=completed["VersionId"]) == "parts"
    assert len(listed(s3, versioned)) == 4


def test_what_cannot_be_copied(s3: Any, versioned: str) -> None:
    put(s3, versioned, "k", "one")
    marker = s3.delete_object(Bucket=versioned, Key="k")["VersionId"]

    def copy(**source: str) -> Callable[[], Any]:
        return lambda: s3.copy_object(Bucket=versioned, Key="to", CopySource={"Bucket": versioned, **source})

    assert refusal(copy(Key="k"))[0] == "NoSuchKey"
    assert refusal(copy(Key="k", VersionId=marker))[0] == "InvalidRequest"
    assert refusal(copy(Key="k", VersionId="0123"))[0] == "NoSuchVersion"


def test_conditions_look_at_the_current_object(s3: Any, versioned: str) -> None:
    first = s3.put_object(Bucket=versioned, Key="lock", Body=b"1", IfNoneMatch="*")["ETag"]
    refused = refusal(lambda: s3.put_object(Bucket=versioned, Key="lock", Body=b"2", IfNoneMatch="*"))
    assert refused[:2] == ("PreconditionFailed", 412)
    s3.put_object(Bucket=versioned, Key="lock", Body=b"2", IfMatch=first)
    assert refusal(lambda: s3.put_object(Bucket=versioned, Key="lock", Body=b"3", IfMatch=first))[1] == 412
    s3.delete_object(Bucket=versioned, Key="lock")
    assert refusal(lambda: s3.put_object(Bucket=versioned, Key="lock", Body=b"3", IfMatch="*"))[0] == "NoSuchKey"
    s3.put_object(Bucket=versioned, Key="lock", Body=b"4", IfNoneMatch="*")
    assert body(s3, versioned, "lock") == "4"


def test_a_presigned_url_of_a_version(s3: Any, versioned: str) -> None:
    first = put(s3, versioned, "k", "one")
    put(s3, versioned, "k", "two")
    parameters = {"Bucket": versioned, "Key": "k", "VersionId": first}
    url = s3.generate_presigned_url("get_object", Params=parameters)
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"one"


def test_a_file_that_another_program_writes_becomes_the_null_version(server: LocalAws, s3: Any, versioned: str) -> None:
    first = put(s3, versioned, "k", "one")
    put(s3, versioned, "k", "lost")
    file = server.state_dir / "s3" / versioned / "k"
    file.write_text("by spark")
    assert listed(s3, versioned) == [("k", "null", True, "object"), ("k", first, False, "object")]
    assert body(s3, versioned, "k") == "by spark"
    third = put(s3, versioned, "k", "three")
    assert [entry[1] for entry in listed(s3, versioned)] == [third, "null", first]
    assert body(s3, versioned, "k", VersionId="null") == "by spark"
    file.unlink()
    assert refusal(lambda: s3.get_object(Bucket=versioned, Key="k"))[0] == "NoSuchKey"
    (marker,) = [entry for entry in listed(s3, versioned) if entry[3] == "marker"]
    assert marker[2], "a key whose file was removed is deleted, and keeps its versions"
    s3.delete_object(Bucket=versioned, Key="k", VersionId=marker[1])
    assert body(s3, versioned, "k") == "by spark"


@pytest.mark.parametrize(
    ("configuration", "code"),
    [
        ({}, "IllegalVersioningConfigurationException"),
        ({"Status": "On"}, "MalformedXML"),
        ({"Status": "Enabled", "MFADelete": "Enabled"}, "NotImplemented"),
    ],
    ids=["nothing", "unknown", "mfa"],
)
def test_versioning_that_is_refused(s3: Any, bucket: str, configuration: dict[str, str], code: str) -> None:
    call = lambda: s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=configuration)  # noqa: E731
    assert refusal(call)[0] == code
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)


def test_requests_that_make_no_sense_are_refused(s3: Any, versioned: str) -> None:
    put(s3, versioned, "k", "one")
    calls: dict[str, Callable[[], Any]] = {
        "marker": lambda: s3.list_object_versions(Bucket=versioned, VersionIdMarker="x"),
        "negative": lambda: s3.list_object_versions(Bucket=versioned, MaxKeys=-1),
    }
    for name, call in calls.items():
        assert refusal(call)[:2] == ("InvalidArgument", 400), name
    missing = lambda: s3.list_object_versions(Bucket="never-made-at-all")  # noqa: E731
    assert refusal(missing)[0] == "NoSuchBucket"
    locked = lambda: s3.create_bucket(Bucket="with-a-lock", ObjectLockEnabledForBucket=True)  # noqa: E731
    assert refusal(locked)[0] == "NotImplemented"
    assert refusal(lambda: s3.head_bucket(Bucket="with-a-lock"))[1] == 404
