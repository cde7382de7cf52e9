"""Tags, access control lists, encryption and archived objects through boto3, as S3's documentation describes them."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local_aws.tests.conftest import eventually

ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"


def code(call: Callable[..., Any], **arguments: Any) -> tuple[str, int]:
    """Code and status of a call that must fail."""
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response["Error"]["Code"], refused.value.response["ResponseMetadata"]["HTTPStatusCode"]


def tags(s3: Any, bucket: str, key: str, **version: str) -> dict[str, str]:
    tag_set = s3.get_object_tagging(Bucket=bucket, Key=key, **version)["TagSet"]
    return {tag["Key"]: tag["Value"] for tag in tag_set}


def grants(s3: Any, bucket: str, key: str) -> set[tuple[str, str]]:
    object_grants = s3.get_object_acl(Bucket=bucket, Key=key)["Grants"]
    return {(grant["Grantee"].get("URI", grant["Grantee"].get("ID")), grant["Permission"]) for grant in object_grants}


def test_tags_belong_to_a_version_and_are_copied_or_replaced(s3: Any, bucket: str) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"1", Tagging="a=1&b=")["VersionId"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    assert (tags(s3, bucket, "k"), tags(s3, bucket, "k", VersionId=first)) == ({}, {"a": "1", "b": ""})
    assert s3.head_object(Bucket=bucket, Key="k", VersionId=first)["TagCount"] == 2
    source = {"Bucket": bucket, "Key": "k", "VersionId": first}
    s3.copy_object(Bucket=bucket, Key="copied", CopySource=source)
    s3.copy_object(Bucket=bucket, Key="replaced", CopySource=source, TaggingDirective="REPLACE", Tagging="c=3")
    assert (tags(s3, bucket, "copied"), tags(s3, bucket, "replaced")) == ({"a": "1", "b": ""}, {"c": "3"})
    s3.put_object_tagging(Bucket=bucket, Key="k", VersionId=first, Tagging={"TagSet": [{"Key": "x", "Value": "y"}]})
    assert (tags(s3, bucket, "k"), tags(s3, bucket, "k", VersionId=first)) == ({}, {"x": "y"})
    s3.delete_object_tagging(Bucket=bucket, Key="k", VersionId=first)
    assert tags(s3, bucket, "k", VersionId=first) == {}


@pytest.mark.parametrize(
    ("tag_set", "expected"),
    [
        ([(f"k{n}", "") for n in range(11)], "BadRequest"),
        ([("a", "1"), ("a", "2")], "InvalidTag"),
        ([("aws:a", "1")], "InvalidTag"),
        ([("k" * 129, "1")], "InvalidTag"),
        ([("a", "v" * 257)], "InvalidTag"),
    ],
    ids=["eleven", "twice", "reserved", "long-key", "long-value"],
)
def test_tags_that_are_refused(s3: Any, bucket: str, tag_set: list[tuple[str, str]], expected: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"", Tagging="kept=1")
    tagging = {"TagSet": [{"Key": key, "Value": value} for key, value in tag_set]}
    assert code(s3.put_object_tagging, Bucket=bucket, Key="k", Tagging=tagging) == (expected, 400)
    assert tags(s3, bucket, "k") == {"kept": "1"}
    assert code(s3.put_object_tagging, Bucket=bucket, Key="none", Tagging={"TagSet": []})[0] == "NoSuchKey"


def test_a_put_with_tags_that_are_refused_leaves_no_object(s3: Any, bucket: str) -> None:
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"", Tagging="aws:a=1")[0] == "InvalidTag"
    assert code(s3.head_object, Bucket=bucket, Key="k")[1] == 404


def test_access_control_lists(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    ((owner, permission),) = grants(s3, bucket, "k")
    assert permission == "FULL_CONTROL"
    s3.put_object_acl(Bucket=bucket, Key="k", ACL="public-read-write")
    assert grants(s3, bucket, "k") == {(owner, "FULL_CONTROL"), (ALL_USERS, "READ"), (ALL_USERS, "WRITE")}
    grantee = {"Type": "CanonicalUser", "ID": "abc"}
    policy = {"Owner": {"ID": owner}, "Grants": [{"Grantee": grantee, "Permission": "READ_ACP"}]}
    s3.put_object_acl(Bucket=bucket, Key="k", AccessControlPolicy=policy)
    assert grants(s3, bucket, "k") == {("abc", "READ_ACP")}
    assert code(s3.put_object_acl, Bucket=bucket, Key="k", ACL="everybody") == ("InvalidArgument", 400)
    assert code(s3.put_object_acl, Bucket=bucket, Key="none", ACL="private")[0] == "NoSuchKey"
    rules = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=rules)
    refused = code(s3.put_object_acl, Bucket=bucket, Key="k", ACL="public-read")
    assert refused == ("AccessControlListNotSupported", 400)


def test_encryption_is_what_the_request_says_else_what_the_bucket_does(s3: Any, bucket: str) -> None:
    def put(**options: str) -> tuple[str, str | None, bool | None]:
        s3.put_object(Bucket=bucket, Key="k", Body=b"", **options)
        head = s3.head_object(Bucket=bucket, Key="k")
        return head["ServerSideEncryption"], head.get("SSEKMSKeyId"), head.get("BucketKeyEnabled")

    assert put() == ("AES256", None, None)
    assert put(ServerSideEncryption="aws:kms", SSEKMSKeyId="mine") == ("aws:kms", "mine", None)
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "the-buckets"}
    rules = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    assert put() == ("aws:kms", "the-buckets", True)
    assert put(ServerSideEncryption="AES256") == ("AES256", None, None)
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "k"})
    assert s3.head_object(Bucket=bucket, Key="copy")["SSEKMSKeyId"] == "the-buckets"
    put_rot13 = {"Bucket": bucket, "Key": "k", "Body": b"", "ServerSideEncryption": "rot13"}
    assert code(s3.put_object, **put_rot13) == ("InvalidArgument", 400)


def test_an_archived_object_is_read_once_it_is_restored(s3: Any, bucket: str) -> None:
    where = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**where, Body=b"cold", StorageClass="GLACIER")
    assert code(s3.get_object, **where) == ("InvalidObjectState", 403)
    assert s3.head_object(**where)["StorageClass"] == "GLACIER"
    assert code(s3.copy_object, Bucket=bucket, Key="copy", CopySource=where)[0] == "ObjectNotInActiveTierError"
    started = s3.restore_object(**where, RestoreRequest={"Days": 2})
    assert started["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert s3.head_object(**where)["Restore"] == 'ongoing-request="true"'
    assert code(s3.restore_object, **where, RestoreRequest={"Days": 2}) == ("RestoreAlreadyInProgress", 409)
    eventually(lambda: 'ongoing-request="false", expiry-date=' in s3.head_object(**where)["Restore"])
    assert s3.get_object(**where)["Body"].read() == b"cold"
    longer = s3.restore_object(**where, RestoreRequest={"Days": 9})
    assert longer["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_what_cannot_be_restored(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="warm", Body=b"")
    restore = {"Bucket": bucket, "RestoreRequest": {"Days": 1}}
    assert code(s3.restore_object, Key="warm", **restore) == ("InvalidObjectState", 403)
    assert code(s3.restore_object, Key="none", **restore) == ("NoSuchKey", 404)


def test_parts_of_an_upload_that_is_not_there(s3: Any, bucket: str) -> None:
    where = {"Bucket": bucket, "Key": "k", "UploadId": "never"}
    assert code(s3.upload_part, **where, PartNumber=1, Body=b"") == ("NoSuchUpload", 404)
    parts = {"Parts": [{"PartNumber": 1, "ETag": "x"}]}
    assert code(s3.complete_multipart_upload, **where, MultipartUpload=parts) == ("NoSuchUpload", 404)
