"""The store behind the local S3, without a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local_aws.s3.store import S3Store

BUCKET = "lake"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[S3Store]:
    """A store with one empty bucket."""
    made = S3Store(tmp_path)
    made.disk.create_bucket(BUCKET)
    yield made
    made.close()
