"""S3's promises that the lake builds on, against the local AWS (or, with credentials instead, an account)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from aws_services.errors import NoSuchBucket, NotFound, PreconditionFailed
from aws_services.s3 import S3
from infra.local_aws import LocalAws

pytestmark = pytest.mark.service
BUCKET = "s3-service-test"


@pytest.fixture(scope="module")
def s3(local_aws: LocalAws) -> S3:
    s3 = S3()
    s3._client.create_bucket(Bucket=BUCKET)
    return s3


def race(tries: int, put: object) -> list[str]:
    start = threading.Barrier(tries)

    def one(number: int) -> str | None:
        start.wait(timeout=30)
        try:
            put(number)  # type: ignore[operator]
        except PreconditionFailed:
            return None
        return str(number)

    with ThreadPoolExecutor(tries) as pool:
        return [winner for winner in pool.map(one, range(tries)) if winner is not None]


def test_of_many_conditional_creations_one_wins(s3: S3) -> None:
    winners = race(8, lambda number: s3.put_if_absent(BUCKET, "create", str(number).encode()))
    assert winners == [s3.get(BUCKET, "create").decode()]


def test_of_many_conditional_replacements_one_wins(s3: S3) -> None:
    etag = s3.put(BUCKET, "replace", b"first")
    winners = race(8, lambda number: s3.put_if_match(BUCKET, "replace", str(number).encode(), etag))
    assert winners == [s3.get(BUCKET, "replace").decode()]


def test_user_metadata_comes_back_with_the_bytes(s3: S3) -> None:
    s3.put_if_absent(BUCKET, "described", b"x", metadata={"records": "3", "request": '{"page":0}'})
    body, about = s3.get_with_metadata(BUCKET, "described")
    assert (body, about.metadata) == (b"x", {"records": "3", "request": '{"page":0}'})


def test_listings_go_over_the_pages_end(s3: S3) -> None:
    keys = sorted(f"many/{number:04}" for number in range(1003))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: s3.put(BUCKET, key, b""), keys))
    assert [entry.key for entry in s3.list(BUCKET, "many/")] == keys
    assert s3.delete_prefix(BUCKET, "many/") == 1003
    assert list(s3.list(BUCKET, "many/")) == []


def test_what_is_missing_is_told_apart(s3: S3) -> None:
    with pytest.raises(NotFound) as missing:
        s3.get(BUCKET, "none")
    assert type(missing.value) is NotFound
    with pytest.raises(NoSuchBucket):
        s3.put("no-such-bucket-of-ours", "a", b"")
    with pytest.raises(NoSuchBucket):
        s3.exists("no-such-bucket-of-ours", "a")
