"""Generates TICKIT's files for a stack without an account, in a local bucket with the name of Amazon's bucket."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import boto3

from aws_services.errors import NoSuchBucket, NotFound
from aws_services.s3 import S3
from infra.simulators.tickit import write_files
from sources.tickit import FILES, PUBLISHED_AT

BUCKET, _, PREFIX = PUBLISHED_AT.removeprefix("s3://").partition("/")
_MARK = f"{PREFIX}_generated.json"
"""The key of the object with the recipe of the generated files. It's empty while they are being written."""
_GENERATOR = 2
"""Grows when the generator changes what it writes, so that a stack's files are generated again."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What files to generate. The same recipe gives the same bytes.

    Attributes:
        scale: 1 for as many users, listings and sales as in Amazon's files.
        seed: the random seed.
        quirks: whether they have the flaws of Amazon's files.
    """

    scale: float
    seed: int
    quirks: bool = False


def provide(location: str, recipe: Recipe, say: Callable[[str], None]) -> None:
    """Write the files to `PUBLISHED_AT`, unless it has the same generated files or files from a user.

    Args:
        location: the location that the pipeline reads. If it isn't `PUBLISHED_AT`, no file is written.
        recipe: what to generate.
        say: prints a line.

    Raises:
        aws_services.errors.AwsError: AWS refused a call.
    """
    if location.rstrip("/") != PUBLISHED_AT.rstrip("/"):
        return
    s3 = S3()
    _create_bucket(s3)
    existing = _recipe(s3)
    if existing == {"generator": _GENERATOR, **asdict(recipe)} or (
        existing is None and any(s3.exists(BUCKET, PREFIX + name) for name in FILES.values())
    ):
        return
    flaws = ", with Amazon's flaws" if recipe.quirks else ""
    say(
        f"generating sample TICKIT files (scale {recipe.scale:g}, seed {recipe.seed}{flaws}) "
        f"into {PUBLISHED_AT} of the local AWS"
    )
    s3.put(BUCKET, _MARK, b"{}")
    with tempfile.TemporaryDirectory(prefix="boxoffice-tickit-") as folder:
        for name in write_files(Path(folder), recipe.seed, recipe.scale, recipe.quirks):
            s3.put_file(BUCKET, PREFIX + name, Path(folder) / name)
    s3.put(BUCKET, _MARK, json.dumps({"generator": _GENERATOR, **asdict(recipe)}).encode())


def _create_bucket(s3: S3) -> None:
    try:
        s3.require_bucket(BUCKET)
    except NoSuchBucket:
        boto3.client("s3").create_bucket(Bucket=BUCKET)


def _recipe(s3: S3) -> dict[str, Any] | None:
    """The recipe of the existing files. None if they weren't generated, or don't exist."""
    try:
        recipe: dict[str, Any] = json.loads(s3.get(BUCKET, _MARK))
    except NotFound:
        return None
    return recipe
