"""Sessions of the warehouse's users. Each is a login of its own, so no statement can make it the administrator's.

If the administrator opened a session and gave it to a user with `SET SESSION AUTHORIZATION`, that user could take it
back with `RESET SESSION AUTHORIZATION`.
"""

from __future__ import annotations

from contextlib import suppress

import psycopg

from ..errors import RefusedByRedshift
from ..translator.lexer import quote_name
from .warehouse import USER, Warehouse


def open_session(warehouse: Warehouse, user: str) -> psycopg.Connection:
    """Opens a session of a user, outside of a transaction. Creates a user of IAM on first use, as Redshift does.

    Args:
        warehouse: the database.
        user: the user's name; empty for the administrator.

    Raises:
        RefusedByRedshift: there is no such user.
        psycopg.OperationalError: the user has as many sessions as it may.
    """
    name = user.lower() or USER
    if name != USER:
        with warehouse.connect(autocommit=True) as connection:
            require_user(connection, name, creates=name.startswith(("iam:", "iamr:")))
    return warehouse.connect_as(name, autocommit=True)


def require_user(connection: psycopg.Connection, name: str, *, creates: bool) -> None:
    """Raises RefusedByRedshift if there is no user of this name, or creates one without a password.

    Args:
        connection: the administrator's.
        name: in lower case.
        creates: whether to create a missing user.
    """
    if connection.execute("SELECT rs.kind_of(%s)", (name,)).fetchone() == ("user",):
        return
    if not creates:
        raise RefusedByRedshift(f'FATAL: user "{name}" does not exist')
    with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):  # another session was faster
        connection.execute(f"CREATE ROLE {quote_name(name)} LOGIN".encode())
