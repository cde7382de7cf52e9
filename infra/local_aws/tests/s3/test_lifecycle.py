"""Lifecycle rules applied as of a given time, as S3's documentation describes them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
"""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local_aws.s3.lifecycle import sweep
from infra.local_aws.s3.store import S3Store
from infra.local_aws.tests.s3.conftest import BUCKET


def after(days: float) -> datetime.datetime:
    """A time some days after today's midnight (UTC); objects of these tests are written now."""
    today = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + datetime.timedelta(days=days)


def put(store: S3Store, key: str, versioning: str | None = "Enabled", size: int = 1, **tags: str) -> str:
    return store.versions.put(BUCKET, key, versioning, [b"x" * size], {"etag": "e", "tags": tags}).id


def run(store: S3Store, rule: dict[str, Any], when: datetime.datetime, versioning: str | None = "Enabled") -> int:
    bucket: Any = SimpleNamespace(
        name=BUCKET, versioning_status=versioning, lifecycle=[{"Status": "Enabled", **rule}], multiparts={}
    )
    return sweep(store, bucket, when)


def kept(store: S3Store, key: str) -> list[str]:
    """The remaining versions of a key, newest first."""
    return ["marker" if version.is_delete_marker else version.id for version in store.versions.history(BUCKET, key)]


def test_earlier_versions_go_days_after_they_were_replaced(store: S3Store) -> None:
    first, second, third = (put(store, "k") for _ in range(3))
    rule = {"Filter": None, "NoncurrentVersionExpiration": {"NoncurrentDays": "30"}}
    assert run(store, rule, after(30.99)) == 0, "the day of the change does not count, and days end at midnight"
    assert kept(store, "k") == [third, second, first]
    assert run(store, rule, after(31)) == 2
    assert kept(store, "k") == [third]
    assert run(store, rule, after(3000)) == 0, "the current version stays"
    assert store.disk.version_files(BUCKET) == []


def test_as_many_earlier_versions_as_the_rule_says_stay(store: S3Store) -> None:
    versions = [put(store, "k") for _ in range(5)]
    rule = {"Filter": {}, "NoncurrentVersionExpiration": {"NoncurrentDays": "1", "NewerNoncurrentVersions": "2"}}
    assert run(store, rule, after(9)) == 2
    assert kept(store, "k") == versions[:1:-1]


def test_an_expired_object_of_a_versioned_bucket_gets_a_delete_marker(store: S3Store) -> None:
    version = put(store, "staging/k")
    other = put(store, "raw/k")
    rule = {"Prefix": "staging/", "Expiration": {"Days": "14"}}
    assert run(store, rule, after(14.99)) == 0
    assert run(store, rule, after(15)) == 1
    assert kept(store, "staging/k") == ["marker", version]
    assert kept(store, "raw/k") == [other]


def test_an_expired_object_of_another_bucket_is_gone(store: S3Store) -> None:
    put(store, "k", None)
    (store.disk.bucket_path(BUCKET) / "by-spark").write_text("part")
    assert run(store, {"Prefix": "", "Expiration": {"Days": "1"}}, after(2), None) == 2
    assert list(store.disk.keys(BUCKET)) == []


def test_a_delete_marker_with_nothing_behind_it_goes(store: S3Store) -> None:
    put(store, "k")
    store.versions.delete(BUCKET, "k", "Enabled")
    rule = {"Filter": {}, "Expiration": {"ExpiredObjectDeleteMarker": "true"}}
    assert run(store, rule, after(1)) == 0, "there is a version behind it"
    both = {**rule, "NoncurrentVersionExpiration": {"NoncurrentDays": "3"}}
    assert run(store, both, after(4)) == 2
    assert kept(store, "k") == []


def test_a_date(store: S3Store) -> None:
    put(store, "k", None)
    rule = {"Filter": {}, "Expiration": {"Date": after(3).isoformat()}}
    assert run(store, rule, after(2.9), None) == 0
    assert run(store, rule, after(3), None) == 1


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"Prefix": "a/"}, ["a/big", "a/small"]),
        ({"Tag": {"Key": "t", "Value": "1"}}, ["a/big", "b"]),
        ({"And": {"Prefix": "a/", "Tag": [{"Key": "t", "Value": "1"}]}}, ["a/big"]),
        ({"And": {"Tag": [{"Key": "t", "Value": "1"}, {"Key": "u", "Value": "2"}]}}, ["b"]),
        ({"ObjectSizeGreaterThan": "100"}, ["a/big"]),
        ({"ObjectSizeLessThan": "100"}, ["a/small", "b"]),
        ({"And": {"ObjectSizeGreaterThan": "9", "ObjectSizeLessThan": "11"}}, ["b"]),
        ({}, ["a/big", "a/small", "b"]),
    ],
    ids=["prefix", "tag", "prefix-and-tag", "two-tags", "larger", "smaller", "between", "all"],
)
def test_filters(store: S3Store, chosen: dict[str, Any], expected: list[str]) -> None:
    put(store, "a/big", None, 101, t="1")
    put(store, "a/small", None, 9)
    put(store, "b", None, 10, t="1", u="2")
    before = set(store.disk.keys(BUCKET))
    run(store, {"Filter": chosen, "Expiration": {"Days": "1"}}, after(2), None)
    assert sorted(before - set(store.disk.keys(BUCKET))) == expected


def test_a_rule_that_is_disabled_does_nothing(store: S3Store) -> None:
    put(store, "k", None)
    assert run(store, {"Status": "Disabled", "Filter": {}, "Expiration": {"Days": "1"}}, after(9), None) == 0


def test_versions_of_a_key_whose_file_was_removed_age_from_then_on(store: S3Store) -> None:
    first = put(store, "k")
    put(store, "k")
    store.object_path(f"s3://{BUCKET}/k").unlink()
    rule = {"Filter": {}, "NoncurrentVersionExpiration": {"NoncurrentDays": "1"}}
    assert run(store, rule, after(0)) == 0
    assert kept(store, "k") == ["marker", first]
    assert run(store, rule, after(2)) == 1
    assert kept(store, "k") == ["marker"]


def test_uploads_that_nobody_completed_are_aborted(store: S3Store) -> None:
    uploads = {
        "old": SimpleNamespace(id="old", key_name="a/k", initiated=after(-8)),
        "new": SimpleNamespace(id="new", key_name="a/k", initiated=after(-7)),
        "other": SimpleNamespace(id="other", key_name="b/k", initiated=after(-90)),
    }
    rule = {"Status": "Enabled", "Prefix": "a/", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": "7"}}
    bucket: Any = SimpleNamespace(name=BUCKET, versioning_status=None, lifecycle=[rule], multiparts=uploads)
    assert sweep(store, bucket, after(0)) == 1
    assert sorted(uploads) == ["new", "other"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"Filter": {}, "Expiration": {"Days": 0}}, "InvalidArgument"),
        ({"Filter": {}, "NoncurrentVersionExpiration": {"NewerNoncurrentVersions": 1}}, "MalformedXML"),
        ({"Filter": {}, "Expiration": {"Days": 1, "ExpiredObjectDeleteMarker": True}}, "MalformedXML"),
        ({"Prefix": "a", "Filter": {"Prefix": "a"}, "Expiration": {"Days": 1}}, "MalformedXML"),
    ],
    ids=["no-days", "versions-without-days", "days-and-marker", "two-prefixes"],
)
def test_rules_that_are_refused(s3: Any, bucket: str, rule: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as refused:
        s3.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": [{"ID": "r", "Status": "Enabled", **rule}]}
        )
    assert refused.value.response["Error"]["Code"] == code
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)
