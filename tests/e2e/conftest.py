"""Each e2e file begins with an empty lake and an empty warehouse, independent of the other files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aws_services import resources
from aws_services.s3 import S3
from tests.fixtures.stack import Pipelines
from tests.fixtures.warehouse import empty


@pytest.fixture(scope="module", autouse=True)
def _nothing_before(pipelines: Pipelines) -> Iterator[None]:
    empty(pipelines.redshift)
    for prefix in ("raw/", "curated/", "quarantine/", "staging/", "state/"):
        S3().delete_prefix(resources.LAKE_BUCKET, prefix)
    yield
    empty(pipelines.redshift)
