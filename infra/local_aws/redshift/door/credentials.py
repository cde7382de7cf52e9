"""Whose password is right: the door asks, and gets the database's role that the connection becomes.

The door logs in to PostgreSQL as that role itself. No statement of the client's can therefore reach another role's
privileges.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Protocol

import psycopg

from ..database.warehouse import Warehouse


class Credentials(Protocol):
    """Checks what clients log in with."""

    def check(self, user: str, password: str, database: str) -> str | None:
        """The database's role to become, or None.

        Args:
            user: The user as the client sent it: a name, or `IAM:name`, `IAMA:name`, `IAMR:role` with a temporary
                password.
            password: The password in clear text.
            database: The database that the client asks for.

        Returns:
            The name of an existing role that may log in. None if the user does not exist, or the password is wrong or
            has expired.
        """
        ...


class DatabasePasswords:
    """The passwords of the database's users: the administrator's, and those of CREATE USER … PASSWORD.

    Args:
        warehouse: The database.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def check(self, user: str, password: str, database: str) -> str | None:  # noqa: ARG002  for any database
        """See Credentials."""
        with self._warehouse.connect(autocommit=True) as connection:
            row = _verifier(connection, user.lower())
        if row is None or not is_password(password, row):
            return None
        return user.lower()


def _verifier(connection: psycopg.Connection, role: str) -> str | None:
    row = connection.execute(
        "SELECT rolpassword FROM pg_authid WHERE rolname = %s AND rolcanlogin"
        " AND (rolvaliduntil IS NULL OR rolvaliduntil > now())",
        (role,),
    ).fetchone()
    return row[0] if row else None


def is_password(password: str, verifier: str) -> bool:
    """Whether a password matches PostgreSQL's stored verifier, `SCRAM-SHA-256$<iterations>:<salt>$<key>:<server key>`.

    Passwords of Redshift are printable ASCII, which SCRAM uses as it is.
    Source: https://www.postgresql.org/docs/current/catalog-pg-authid.html
    """
    scheme, _, rest = verifier.partition("$")
    if scheme != "SCRAM-SHA-256" or not password.isascii():
        return False
    parameters, _, keys = rest.partition("$")
    iterations, _, salt = parameters.partition(":")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(iterations))
    stored_key = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    return hmac.compare_digest(stored_key, base64.b64decode(keys.partition(":")[0]))
