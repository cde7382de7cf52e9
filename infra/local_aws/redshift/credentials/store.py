"""Temporary passwords: random, hashed, bound to a login name and a database, valid for minutes.

They are in the database, in a table that only the administrator can read, so the server that gives them out and the
process that checks them can be different ones, and a restart ends no login.
Source: https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from ..database.roles import require_user
from ..database.warehouse import USER, Warehouse
from ..door.credentials import is_password as is_password_of_postgres
from ..passwords import is_password
from ..translator.lexer import quote_name

_BYTES = 48
"""Of entropy in a temporary password."""


@dataclass(frozen=True, slots=True)
class Login:
    """The purpose of a temporary password.

    Attributes:
        name: the user name that the client sends, such as `IAM:alice`.
        user: the database user that it becomes, in lower case.
        database: the only database; None for any.
        creates_user: whether the login creates a user that does not exist.
        groups: groups that the user joins until the password expires.
    """

    name: str
    user: str
    database: str | None = None
    creates_user: bool = False
    groups: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Password:
    """A temporary password, and when it ends (UTC)."""

    text: str
    expires_at: datetime


class CredentialStore:
    """Gives out temporary passwords, and checks what clients log in with.

    Args:
        warehouse: the database.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def issue(self, login: Login, seconds: int) -> Password:
        """A new temporary password for a login.

        Args:
            login: what it is for.
            seconds: how long it is valid.
        """
        text = secrets.token_urlsafe(_BYTES)
        expires_at = datetime.now(UTC) + timedelta(seconds=seconds)
        values = {
            "login": login.name.lower(),
            "digest": _digest(text),
            "database": login.database.lower() if login.database else None,
            "user": login.user,
            "creates_user": login.creates_user,
            "groups": list(login.groups),
            "expires_at": expires_at,
        }
        with self._warehouse.connect(autocommit=True) as connection:
            _forget_expired(connection)
            connection.execute(
                "INSERT INTO rs.temporary_passwords VALUES (%(login)s, %(digest)s, %(database)s, %(user)s,"
                " %(creates_user)s, %(groups)s, %(expires_at)s)",
                values,
            )
        return Password(text, expires_at)

    def check(self, user: str, password: str, database: str) -> str | None:
        """The database's role that a client becomes; None if the user does not exist, or the password is not valid.

        Args:
            user: as the client sent it.
            password: in clear text.
            database: the database that the client asks for.
        """
        name = user.lower()
        with self._warehouse.connect(autocommit=True) as connection:
            if name.partition(":")[0] in ("iam", "iama", "iamr"):
                return _check_temporary(connection, name, password, database.lower())
            return name if _is_users_password(connection, name, password) else None


def _digest(password: str) -> bytes:
    """A fast hash is enough: the password is random."""
    return hashlib.sha256(password.encode()).digest()


def _check_temporary(connection: psycopg.Connection, name: str, password: str, database: str) -> str | None:
    _forget_expired(connection)
    row = connection.execute(
        "SELECT user_name, creates_user, groups, expires_at FROM rs.temporary_passwords"
        " WHERE login = %s AND digest = %s AND coalesce(database, %s) = %s AND expires_at > now()",
        (name, _digest(password), database, database),
    ).fetchone()
    if row is None:
        return None
    user, creates_user, groups, expires_at = row
    if creates_user:
        require_user(connection, user, creates=True)
    elif connection.execute("SELECT rs.kind_of(%s)", (user,)).fetchone() != ("user",):
        return None
    for group in groups:
        _join(connection, user, group, expires_at)
    return str(user)


def _join(connection: psycopg.Connection, user: str, group: str, expires_at: Any) -> None:
    """Makes a user a member of a group until a time, unless it is a member anyway. Skips what is no group."""
    if connection.execute("SELECT rs.kind_of(%s)", (group,)).fetchone() != ("group",):
        return
    members = {"user": user, "group": group, "expires_at": expires_at}
    is_temporary = connection.execute(
        "UPDATE rs.temporary_members SET expires_at = greatest(expires_at, %(expires_at)s)"
        " WHERE user_name = %(user)s AND group_name = %(group)s RETURNING true",
        members,
    ).fetchone()
    is_member = connection.execute("SELECT pg_has_role(%(user)s, %(group)s, 'MEMBER')", members).fetchone()
    if is_temporary is None and is_member == (False,):
        connection.execute(f"GRANT {quote_name(group)} TO {quote_name(user)}".encode())
        connection.execute("INSERT INTO rs.temporary_members VALUES (%(user)s, %(group)s, %(expires_at)s)", members)


def _forget_expired(connection: psycopg.Connection) -> None:
    """Removes expired passwords, and users from the groups that these let them join."""
    connection.execute("DELETE FROM rs.temporary_passwords WHERE expires_at <= now()")
    rows = connection.execute(
        "DELETE FROM rs.temporary_members WHERE expires_at <= now() RETURNING user_name, group_name"
    ).fetchall()
    for user, group in rows:
        known = connection.execute("SELECT rs.kind_of(%s), rs.kind_of(%s)", (user, group)).fetchone()
        if known == ("user", "group"):
            connection.execute(f"REVOKE {quote_name(group)} FROM {quote_name(user)}".encode())


def _is_users_password(connection: psycopg.Connection, name: str, password: str) -> bool:
    """Whether it is the password of a user. The administrator's first one is the database server's own."""
    row = connection.execute(
        "SELECT verifier, rolpassword, coalesce(valid_until > now(), true) FROM pg_authid"
        " LEFT JOIN rs.logins ON user_id = oid WHERE rolname = %s AND rolcanlogin",
        (name,),
    ).fetchone()
    if row is None or not row[2]:
        return False
    verifier, verifier_of_postgres, _ = row
    if verifier is not None:
        return is_password(password, name, verifier)
    return name == USER and verifier_of_postgres is not None and is_password_of_postgres(password, verifier_of_postgres)
