"""Generated TICKIT files: there for whoever asks the local AWS for Amazon's bucket, and never over somebody's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

import boto3
import pytest

from aws_services.errors import NoSuchBucket
from aws_services.s3 import S3
from infra.local_aws import LocalAws
from infra.simulators.tickit.files import DEFAULT_SEED
from infra.stack import samples
from infra.stack.samples import BUCKET, PREFIX
from sources.tickit import FILES, PUBLISHED_AT

SMALL = 0.01
SALES = PREFIX + FILES["sales"]


@pytest.fixture
def s3(local_aws: LocalAws) -> Iterator[S3]:
    client = S3()
    yield client
    with suppress(NoSuchBucket):
        client.delete_prefix(BUCKET, PREFIX)
        boto3.client("s3").delete_bucket(Bucket=BUCKET)


def provide(
    scale: float = SMALL, seed: int = DEFAULT_SEED, location: str = PUBLISHED_AT, quirks: bool = False
) -> list[str]:
    messages: list[str] = []
    samples.provide(location, samples.Recipe(scale, seed, quirks), messages.append)
    return messages


def etags(s3: S3) -> dict[str, str]:
    return {entry.key.removeprefix(PREFIX): entry.etag for entry in s3.list(BUCKET, PREFIX)}


def test_all_files_lie_where_amazon_publishes_them_and_are_made_once(s3: S3) -> None:
    (line,) = provide()
    assert "sample" in line
    first_etags = etags(s3)
    assert set(FILES.values()) < first_etags.keys()
    assert s3.get(BUCKET, SALES).count(b"\n") == 1725
    assert provide() == []
    assert etags(s3) == first_etags


def test_another_scale_changes_what_scales_and_nothing_else(s3: S3) -> None:
    provide()
    small = etags(s3)
    assert len(provide(2 * SMALL)) == 1
    changed = {name for name, etag in etags(s3).items() if etag != small[name]}
    assert changed & set(FILES.values()) == {FILES[entity] for entity in ("users", "listings", "sales")}


def test_another_seed_makes_other_files(s3: S3) -> None:
    provide()
    before = s3.get(BUCKET, SALES)
    provide(seed=DEFAULT_SEED + 1)
    assert s3.get(BUCKET, SALES) != before


def test_flaws_are_there_for_whoever_wants_them(s3: S3) -> None:
    provide()
    users = s3.get(BUCKET, PREFIX + FILES["users"])
    (line,) = provide(quirks=True)
    assert "flaws" in line
    assert s3.get(BUCKET, PREFIX + FILES["users"]) != users
    assert s3.get(BUCKET, PREFIX + FILES["dates"]).count(b"\n") == 365
    assert len(provide()) == 1
    assert s3.get(BUCKET, PREFIX + FILES["users"]) == users


def test_nothing_is_made_for_whoever_reads_elsewhere(s3: S3) -> None:
    assert provide(location="https://files.example/tickit/") == []
    with pytest.raises(NoSuchBucket):
        s3.require_bucket(BUCKET)


def test_files_that_somebody_put_there_are_left_alone(s3: S3) -> None:
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    s3.put(BUCKET, SALES, b"mine\n")
    assert provide() == []
    assert etags(s3).keys() == {FILES["sales"]}
    assert s3.get(BUCKET, SALES) == b"mine\n"


def test_what_was_interrupted_is_made_again(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object) -> dict[str, int]:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(samples, "write_files", full_disk)
        with pytest.raises(OSError, match="no space"):
            provide()
    assert len(provide()) == 1
    assert set(FILES.values()) < etags(s3).keys()
    assert (
        json.loads(s3.get(BUCKET, f"{PREFIX}_generated.json")).items() >= {"scale": SMALL, "seed": DEFAULT_SEED}.items()
    )
