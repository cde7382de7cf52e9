"""Temporary passwords open the session that they were given out for, and no other; users' passwords open theirs."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from infra.local_aws.redshift import Warehouse
from infra.local_aws.redshift.credentials.store import CredentialStore, Login
from infra.local_aws.redshift.execution import Session

QUARTER = 900


@pytest.fixture
def store(warehouse: Warehouse) -> CredentialStore:
    return CredentialStore(warehouse)


@pytest.fixture
def administrator(warehouse: Warehouse) -> Iterator[psycopg.Connection]:
    with warehouse.connect(autocommit=True) as connection:
        yield connection


@pytest.fixture
def name() -> str:
    """A name that no other test uses."""
    return f"u_{uuid.uuid4().hex[:12]}"


@pytest.fixture
def user(session: Session, name: str) -> Iterator[str]:
    """A user without a password."""
    session.run_alone(f"CREATE USER {name} PASSWORD DISABLE")
    yield name
    session.run_alone(f"DROP USER {name}")


def test_a_temporary_password_opens_a_session_of_its_user(store: CredentialStore, user: str) -> None:
    password = store.issue(Login(f"IAM:{user}", user, "dev"), QUARTER)
    assert store.check(f"IAM:{user}", password.text, "dev") == user
    assert store.check(f"iam:{user}".upper(), password.text, "DEV") == user


def test_it_opens_nothing_else(store: CredentialStore, user: str) -> None:
    password = store.issue(Login(f"IAM:{user}", user, "dev"), QUARTER).text
    assert store.check("IAM:awsuser", password, "dev") is None
    assert store.check(f"IAMA:{user}", password, "dev") is None
    assert store.check(user, password, "dev") is None, "without the prefix it is a user's own password"
    assert store.check(f"IAM:{user}", password, "postgres") is None
    assert store.check(f"IAM:{user}", password[:-1], "dev") is None
    assert store.check(f"IAM:{user}", "", "dev") is None


def test_without_a_database_it_opens_any(store: CredentialStore, user: str) -> None:
    password = store.issue(Login(f"IAM:{user}", user), QUARTER).text
    assert {store.check(f"IAM:{user}", password, database) for database in ("dev", "other")} == {user}


def test_it_ends(store: CredentialStore, user: str, administrator: psycopg.Connection) -> None:
    password = store.issue(Login(f"IAM:{user}", user), QUARTER).text
    administrator.execute(
        "UPDATE rs.temporary_passwords SET expires_at = now() - interval '1 second' WHERE user_name = %s", (user,)
    )
    assert store.check(f"IAM:{user}", password, "dev") is None
    assert administrator.execute("SELECT FROM rs.temporary_passwords WHERE user_name = %s", (user,)).fetchall() == []


def test_several_are_valid_at_the_same_time(store: CredentialStore, user: str) -> None:
    passwords = [store.issue(Login(f"IAM:{user}", user), QUARTER).text for _ in range(2)]
    assert [store.check(f"IAM:{user}", password, "dev") for password in passwords] == [user, user]


def test_another_process_knows_it_and_nobody_can_read_it(
    warehouse: Warehouse, store: CredentialStore, user: str, administrator: psycopg.Connection
) -> None:
    password = store.issue(Login(f"IAM:{user}", user), QUARTER).text
    assert CredentialStore(warehouse).check(f"IAM:{user}", password, "dev") == user
    kept = administrator.execute("SELECT t::text FROM rs.temporary_passwords t").fetchall()
    assert kept
    assert not [row for row in kept if password in row[0]]
    with warehouse.connect_as(user, autocommit=True) as connection:
        for table in ("rs.temporary_passwords", "rs.logins"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SELECT * FROM {table}")


def test_a_restart_keeps_passwords_and_opens_them_to_nobody(tmp_path: Path) -> None:
    with Warehouse(tmp_path) as first:
        password = CredentialStore(first).issue(Login("IAMA:alice", "alice", creates_user=True), QUARTER).text
    with Warehouse(tmp_path) as again:
        assert CredentialStore(again).check("IAMA:alice", password, "dev") == "alice"
        with again.connect_as("alice", autocommit=True) as connection:
            for table in ("rs.temporary_passwords", "rs.logins"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"SELECT * FROM {table}")


def test_a_user_is_created_only_if_the_caller_asked_for_it(
    store: CredentialStore, name: str, administrator: psycopg.Connection
) -> None:
    plain = store.issue(Login(f"IAM:{name}", name), QUARTER).text
    assert store.check(f"IAM:{name}", plain, "dev") is None
    creating = store.issue(Login(f"IAMA:{name}", name, creates_user=True), QUARTER).text
    assert store.check(f"IAMA:{name}", creating, "dev") == name
    assert store.check(f"IAM:{name}", plain, "dev") == name, "it exists now"
    assert store.check(name, creating, "dev") is None, "its password is disabled"
    administrator.execute(f"DROP ROLE {name}")


def test_groups_are_joined_until_it_ends(
    store: CredentialStore, session: Session, user: str, administrator: psycopg.Connection
) -> None:
    for group in ("joined", "own"):
        session.run_alone(f"CREATE GROUP {group}_{user}")
    session.run_alone(f"ALTER GROUP own_{user} ADD USER {user}")
    groups = [f"joined_{user}", f"own_{user}", "no_such_group", "awsuser"]
    password = store.issue(Login(f"IAM:{user}", user, groups=groups), QUARTER).text
    assert _groups(administrator, user) == {f"own_{user}"}
    assert store.check(f"IAM:{user}", password, "dev") == user
    assert _groups(administrator, user) == {f"own_{user}", f"joined_{user}"}, "and never a superuser's role"

    administrator.execute("UPDATE rs.temporary_members SET expires_at = now() WHERE user_name = %s", (user,))
    store.check(f"IAM:{user}", "any", "dev")
    assert _groups(administrator, user) == {f"own_{user}"}
    session.run_alone(f"ALTER GROUP own_{user} DROP USER {user}")
    for group in ("joined", "own"):
        session.run_alone(f"DROP GROUP {group}_{user}")


def _groups(connection: psycopg.Connection, user: str) -> set[str]:
    rows = connection.execute(
        "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", (user,)
    ).fetchall()
    return {row[0] for row in rows}


@pytest.mark.parametrize(
    "kept",
    [
        lambda user: "Sesame2024",
        lambda user: f"sha256|{hashlib.sha256(b'Sesame2024x').hexdigest()}|x",
        lambda user: f"md5{hashlib.md5(f'Sesame2024{user}'.encode(), usedforsecurity=False).hexdigest()}",
    ],
    ids=["clear", "sha256", "md5"],
)
def test_a_users_password_opens_a_session(
    store: CredentialStore, session: Session, user: str, kept: Callable[[str], str]
) -> None:
    assert store.check(user, "Sesame2024", "dev") is None
    session.run_alone(f"ALTER USER {user} PASSWORD '{kept(user)}'")
    assert store.check(user, "Sesame2024", "dev") == user
    assert store.check(user.upper(), "Sesame2024", "dev") == user
    assert store.check(user, "Sesame2025", "dev") is None
    session.run_alone(f"ALTER USER {user} PASSWORD DISABLE")
    assert store.check(user, "Sesame2024", "dev") is None


def test_valid_until_ends_a_password_but_no_temporary_one(store: CredentialStore, session: Session, user: str) -> None:
    session.run_alone(f"ALTER USER {user} PASSWORD 'Sesame2024' VALID UNTIL '2020-01-01'")
    assert store.check(user, "Sesame2024", "dev") is None
    password = store.issue(Login(f"IAM:{user}", user), QUARTER).text
    assert store.check(f"IAM:{user}", password, "dev") == user
    session.run_alone(f"ALTER USER {user} VALID UNTIL 'infinity'")
    assert store.check(user, "Sesame2024", "dev") == user


def test_the_administrators_first_password_is_in_its_file(store: CredentialStore, warehouse: Warehouse) -> None:
    password = warehouse.home.passfile.read_text().strip().rpartition(":")[2]
    assert store.check("awsuser", password, "dev") == "awsuser"
    assert store.check("awsuser", password + "x", "dev") is None
    assert store.check("no_such_user", password, "dev") is None
    assert store.check("pg_monitor", "", "dev") is None
