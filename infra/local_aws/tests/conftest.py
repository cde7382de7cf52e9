"""A local AWS without the warehouse, and boto3 clients of it that take nothing from the environment."""

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.local_aws import LocalAws
from infra.local_aws.s3.disk import S3Disk

Client = Callable[[str], Any]


def clients_of(server: LocalAws) -> Client:
    session = boto3.Session("local", "local", region_name="us-east-1")
    return lambda service: session.client(service, endpoint_url=server.url)


def eventually(check: Callable[[], Any], seconds: float = 90) -> Any:
    """What `check` returns once it is true."""
    deadline = time.monotonic() + seconds
    while not (result := check()):
        assert time.monotonic() < deadline, f"still not true after {seconds} s"
        time.sleep(0.05)
    return result


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    with LocalAws(tmp_path_factory.mktemp("aws"), warehouse=False, hosts=["local-aws"]) as running:
        yield running


@pytest.fixture(scope="session")
def client(server: LocalAws) -> Client:
    return clients_of(server)


@pytest.fixture(scope="session")
def s3(client: Client) -> Any:
    return client("s3")


@pytest.fixture(scope="session")
def glue(client: Client) -> Any:
    return client("glue")


@pytest.fixture
def bucket(s3: Any) -> str:
    name = f"t-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def disk(tmp_path: Path) -> S3Disk:
    """The files of an S3 without a server: an empty bucket `lake`."""
    s3_disk = S3Disk(tmp_path / "s3")
    s3_disk.create_bucket("lake")
    return s3_disk
