"""TICKIT without an account: generated files, in a bucket of the local AWS that is named as Amazon's own."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3

from aws_services.errors import NoSuchBucket, NotFound
from aws_services.s3 import S3
from infra.simulators.tickit import write_files
from sources.tickit import FILES, PUBLISHED_AT

BUCKET, _, PREFIX = PUBLISHED_AT.removeprefix("s3://").partition("/")
_MARK = f"{PREFIX}_generated.json"
"""Tells what the files were made of. It is empty while they are being put."""


def provide(location: str, scale: float, seed: int, say: Callable[[str], None]) -> None:
    """Put the files where they are published, unless they are there: generated alike, or somebody's own.

    Args:
        location: where the pipeline reads; nothing is put when that is elsewhere.
        scale: 1 is as many users, listings and sales as published.
        seed: same seed and scale, same bytes.
        say: prints a line.

    Raises:
        aws_services.errors.AwsError: AWS refused something.
    """
    if location.rstrip("/") != PUBLISHED_AT.rstrip("/"):
        return
    s3, recipe = S3(), {"scale": scale, "seed": seed}
    _create_bucket(s3)
    made = _recipe(s3)
    if made == recipe or (made is None and any(s3.exists(BUCKET, PREFIX + name) for name in FILES.values())):
        return
    say(f"generating sample TICKIT files (scale {scale:g}, seed {seed}) into {PUBLISHED_AT} of the local AWS")
    s3.put(BUCKET, _MARK, b"{}")
    with tempfile.TemporaryDirectory(prefix="boxoffice-tickit-") as folder:
        for name in write_files(Path(folder), seed, scale):
            s3.put_file(BUCKET, PREFIX + name, Path(folder) / name)
    s3.put(BUCKET, _MARK, json.dumps(recipe).encode())


def _create_bucket(s3: S3) -> None:
    try:
        s3.require_bucket(BUCKET)
    except NoSuchBucket:
        boto3.client("s3").create_bucket(Bucket=BUCKET)


def _recipe(s3: S3) -> dict[str, Any] | None:
    """What the files that are there were made of; None when they were not generated, or there are none."""
    try:
        made: dict[str, Any] = json.loads(s3.get(BUCKET, _MARK))
    except NotFound:
        return None
    return made
