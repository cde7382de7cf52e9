"""One warehouse and one Data API for these tests, in this process; a schema of its own for each test."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from infra.local_aws.redshift import Warehouse, install
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.transfer.objects import Files

DEADLINE_SECONDS = 60


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with Warehouse(tmp_path_factory.mktemp("redshift") / "warehouse") as started:
        yield started


@pytest.fixture
def lake(tmp_path: Path) -> Callable[[str], Path]:
    """S3 as a directory: gives the file of `s3://bucket/key`."""
    return lambda uri: tmp_path / "s3" / uri.removeprefix("s3://")


@pytest.fixture
def schema(warehouse: Warehouse) -> Iterator[str]:
    """A schema that is every session's search path during the test."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    with warehouse.connect(autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        connection.execute(f"ALTER ROLE awsuser SET search_path TO {name}")
        yield name
        connection.execute("ALTER ROLE awsuser RESET search_path")
        connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def session(warehouse: Warehouse, schema: str, lake: Callable[[str], Path]) -> Iterator[Session]:
    opened = Session(warehouse, Files(lake), query_id=1)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared_session(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One session for all tests of a module, in a schema of its own: for tests that only read, or name own tables."""
    name = f"m_{uuid.uuid4().hex[:12]}"
    folder = tmp_path_factory.mktemp("s3")
    opened = Session(warehouse, Files(lambda uri: folder / uri.removeprefix("s3://")), query_id=1)
    opened.run_alone(f"CREATE SCHEMA {name}")
    opened.run_alone(f"SET search_path TO {name}")
    yield opened
    opened.close()
    with warehouse.connect(autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(autouse=True)
def no_failed_transaction(request: pytest.FixtureRequest) -> Iterator[None]:
    """A statement that failed in one test leaves the shared session usable for the next."""
    yield
    if "shared_session" in request.fixturenames:
        request.getfixturevalue("shared_session").connection.execute("ROLLBACK")


WORKGROUP = "tests"


class DataApi:
    """boto3's client with the waiting done."""

    def __init__(self, url: str, workgroup: str | None = None) -> None:
        self.client: Any = boto3.client(
            "redshift-data", endpoint_url=url, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        self.target = {"WorkgroupName": workgroup or WORKGROUP, "Database": "dev"}

    def submit(self, *sqls: str, batch: bool = False, **more: Any) -> str:
        if batch or len(sqls) > 1:
            return self.client.batch_execute_statement(Sqls=list(sqls), **self.target, **more)["Id"]
        return self.client.execute_statement(Sql=sqls[0], **self.target, **more)["Id"]

    def wait(self, identifier: str, *states: str) -> dict[str, Any]:
        """Describe it once it reaches one of the states (by default: an end)."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            description = self.client.describe_statement(Id=identifier)
            if description["Status"] in (states or ("FINISHED", "FAILED", "ABORTED")):
                return description
            time.sleep(0.01)
        raise AssertionError(f"statement {identifier} did not end")

    def run(self, *sqls: str, **more: Any) -> dict[str, Any]:
        return self.wait(self.submit(*sqls, **more))

    def rows(self, sql: str, **more: Any) -> list[tuple[Any, ...]]:
        """Rows of a query; fails the test when the query fails."""
        done = self.run(sql, **more)
        assert done["Status"] == "FINISHED", done.get("Error")
        pages = self.client.get_paginator("get_statement_result").paginate(Id=done["Id"])
        return [
            tuple(None if "isNull" in cell else next(iter(cell.values())) for cell in record)
            for page in pages
            for record in page["Records"]
        ]


@pytest.fixture(scope="session")
def api_url(warehouse: Warehouse) -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def api(warehouse: Warehouse, schema: str, lake: Callable[[str], Path], api_url: str) -> DataApi:
    install(warehouse, lake)
    return DataApi(api_url)
