"""A user without privileges, and runners of statements as the administrator and as users."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from infra.local_aws.redshift import Warehouse
from infra.local_aws.redshift.execution import Session
from infra.local_aws.redshift.results import Row
from infra.local_aws.redshift.transfer.objects import Files

Run = Callable[..., list[Row]]


@pytest.fixture
def name() -> str:
    """A name that no other test uses."""
    return uuid.uuid4().hex[:12]


@pytest.fixture
def administer(session: Session) -> Run:
    """Runs statements as the administrator; the rows of the last."""

    def run(*statements: str) -> list[Row]:
        try:
            return list([session.run_alone(sql) for sql in statements][-1].rows)
        except psycopg.Error:
            session.connection.rollback()
            raise

    return run


@pytest.fixture
def user(administer: Run, name: str, schema: str) -> Iterator[str]:
    """A user with a password who may use the schema, and a table `t` that it may not read."""
    administer(
        f"CREATE USER u_{name} PASSWORD 'Sesame2024'", "CREATE TABLE t (a INT, b INT)", "INSERT INTO t VALUES (1, 2)"
    )
    administer(f"GRANT USAGE ON SCHEMA {schema} TO u_{name}")
    yield f"u_{name}"
    administer(
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM u_{name}", f"REVOKE ALL ON SCHEMA {schema} FROM u_{name}"
    )
    administer(f"DROP USER u_{name}")


@pytest.fixture
def as_user(warehouse: Warehouse, lake: Callable[[str], Path]) -> Iterator[Callable[[str], Run]]:
    """Makes a runner of statements in one session of a user."""
    sessions: list[Session] = []

    def become(user: str) -> Run:
        opened = Session(warehouse, Files(lake), query_id=1, user=user)
        sessions.append(opened)

        def run(*statements: str) -> list[Row]:
            try:
                return list([opened.run_alone(sql) for sql in statements][-1].rows)
            except psycopg.Error:
                opened.connection.rollback()
                raise

        return run

    yield become
    for opened in sessions:
        opened.close()


def denied(run: Run, *statements: str) -> str:
    """The database's words when the last of the statements is refused for want of a permission."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
        run(*statements)
    return refused.value.diag.message_primary or ""
