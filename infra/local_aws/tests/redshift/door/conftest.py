"""The warehouse's port in front of the tests' warehouse, and users who log in there."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.local_aws.redshift import Door, Services, Warehouse

Connect = Callable[..., psycopg.Connection]


@pytest.fixture(scope="session")
def s3_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("s3")


@pytest.fixture(scope="session")
def door(warehouse: Warehouse, s3_folder: Path) -> Iterator[Door]:
    started = Door(warehouse, lambda: Services(lambda uri: s3_folder / uri.removeprefix("s3://")))
    started.start()
    started.tls()
    yield started
    started.close()


@pytest.fixture(scope="session")
def password(warehouse: Warehouse) -> str:
    """The administrator's."""
    return warehouse.home.passfile.read_text().strip().rsplit(":", 1)[1]


@pytest.fixture
def connect(door: Door, schema: str) -> Iterator[Connect]:
    """Opens connections, which end with the test. Their search path is the test's schema."""
    opened: list[psycopg.Connection] = []

    def connection(user: str = "awsuser", **more: Any) -> psycopg.Connection:
        options = f"-c search_path={schema}"
        opened.append(psycopg.connect(door.dsn, user=user, **{"options": options, "autocommit": True, **more}))
        return opened[-1]

    yield connection
    for connection_of_test in opened:
        connection_of_test.close()


@pytest.fixture
def analyst(warehouse: Warehouse, schema: str) -> Iterator[str]:
    """A user with a password, `Analyst1`, who may use the test's schema."""
    name = f"analyst_{uuid.uuid4().hex[:8]}"
    with warehouse.connect(autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'Analyst1'")
        connection.execute(f"GRANT ALL ON SCHEMA {schema} TO {name}")
        yield name
        connection.execute(f"DROP OWNED BY {name} CASCADE")
        connection.execute(f"DROP ROLE {name}")
