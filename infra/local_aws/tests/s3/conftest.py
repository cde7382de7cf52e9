"""The store behind the local S3, without a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local_aws.s3.store import S3Store

BUCKET = "lake"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[S3Store]:
    """A store with one empty bucket."""
    s3_store = S3Store(tmp_path)
    s3_store.disk.create_bucket(BUCKET)
    yield s3_store
    s3_store.close()
