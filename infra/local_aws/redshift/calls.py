"""CALL of a stored procedure, whose dynamic SQL is translated when its text is known.

PostgreSQL runs the procedure, and can't ask this process for a translation while it runs. So the first call ends with
an error that has the text of the dynamic SQL (`rs.translated`), everything it did is rolled back, the session keeps the
translation in a setting, and calls again. That needs as many calls as there are different texts, and fails for a text
that appears after a COMMIT of the procedure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import psycopg

from .errors import UnsupportedStatement

UNTRANSLATED = "RS001"
"""The state of the error that asks for a translation."""
MOST_TEXTS = 500
SAVEPOINT = "rs_call"


def call(
    connection: psycopg.Connection[Any], statement: str, translate: Callable[[str], list[str]]
) -> psycopg.Cursor[Any]:
    """Runs a translated CALL and returns its cursor. In a transaction, the call is a part of it.

    Args:
        connection: The session's.
        statement: The CALL in PostgreSQL's SQL.
        translate: Translates dynamic SQL.

    Raises:
        UnsupportedStatement: the procedure runs too many different texts, or one after a COMMIT.
        StatementError, psycopg.Error: the dynamic SQL or the procedure failed.
    """
    in_transaction = connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
    connection.execute(beginning(in_transaction))
    for _ in range(MOST_TEXTS):
        if in_transaction:
            connection.execute(f"SAVEPOINT {SAVEPOINT}")
        try:
            cursor = connection.execute(statement)
        except psycopg.Error as error:
            if error.sqlstate != UNTRANSLATED:
                raise
            if in_transaction:
                connection.execute(f"ROLLBACK TO SAVEPOINT {SAVEPOINT}")
            prepare(connection, error.diag.message_detail or "", translate)
        else:
            if in_transaction:
                connection.execute(f"RELEASE SAVEPOINT {SAVEPOINT}")
            return cursor
    raise too_many_texts()


def beginning(in_transaction: bool) -> str:
    """The statement to run before a call. A procedure may commit outside of its caller's transaction only."""
    level = "off" if in_transaction else "on"
    return f"SELECT set_config('rs.top_level_call', '{level}', false), set_config('rs.has_committed', '', false)"


def too_many_texts() -> UnsupportedStatement:
    """The error for a procedure whose dynamic SQL does not end."""
    return UnsupportedStatement(f"a procedure that runs more than {MOST_TEXTS} different texts of dynamic SQL")


def prepare(connection: psycopg.Connection[Any], text: str, translate: Callable[[str], list[str]]) -> None:
    """Keeps the translation of dynamic SQL for the session.

    Raises:
        UnsupportedStatement: the procedure has committed, so its call can't begin again.
        StatementError: the text is not translated.
    """
    row = connection.execute("SELECT current_setting('rs.has_committed', true)").fetchone()
    if row and row[0] == "on":
        raise UnsupportedStatement(f"dynamic SQL that is first seen after a COMMIT of its procedure: {text[:80]}")
    name = f"rs.sql_{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}"
    connection.execute("SELECT set_config(%s, %s, false)", (name, ";\n".join(translate(text))))
