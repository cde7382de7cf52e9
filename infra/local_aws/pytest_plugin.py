"""A pytest plugin: the fixture `local_aws`, one server per session in a separate process."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from .process import LocalAws


@pytest.fixture(scope="session")
def local_aws_options() -> dict[str, Any]:
    """Arguments of `LocalAws` for fixture `local_aws`. Override it in your conftest."""
    return {}


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory, local_aws_options: dict[str, Any]) -> Iterator[LocalAws]:
    """A running local AWS with an empty state. AWS_ENDPOINT_URL, region and credentials point to it.

    Tests share it, so each test uses its own names (buckets, jobs, crawlers, schemas).
    """
    with LocalAws(tmp_path_factory.mktemp("local-aws"), **local_aws_options) as server:
        old_environment = {name: os.environ.get(name) for name in server.environment}
        os.environ.update(server.environment)
        yield server
        for name, value in old_environment.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
