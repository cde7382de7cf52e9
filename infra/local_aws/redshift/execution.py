"""Executes Redshift statements in one PostgreSQL session, and reports errors in Redshift's words.

One session serves one Data API request: a single statement commits by itself, a batch is one transaction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg

from .copy_command import parse_copy, parse_unload
from .errors import LoadError, RefusedByRedshift, StatementError, UnsupportedStatement
from .external import Catalog, ExternalSchemas
from .lexer import quote_name, tokenize
from .load import copy, record_failure
from .objects import AsRole, ObjectStore, RoleAccess
from .results import Row, SentRows
from .translation import statements
from .unload import unload
from .warehouse import Warehouse

_NOT_IN_TRANSACTION = {
    "TRUNCATE": "TRUNCATE commits the transaction that it runs in: run it alone, or use DELETE",
    "VACUUM": "VACUUM cannot run inside a transaction block",
    "REFRESH": "REFRESH MATERIALIZED VIEW does not see the uncommitted changes of its own transaction: run it alone",
}
_READING = ("SELECT", "WITH", "(", "INSERT")
_REDSHIFT_TYPES = {
    "text": "varchar", "jsonb": "super", "bytea": "varbyte", "unknown": "varchar", "name": "varchar", "oid": "int8",
    "regclass": "varchar", "void": "varchar",
}  # fmt: skip


@dataclass(slots=True)
class ResultColumn:
    """A column of a result: name, Redshift's type name, length, precision and scale."""

    name: str
    type_name: str
    length: int = 0
    precision: int = 0
    scale: int = 0


@dataclass(slots=True)
class StatementResult:
    """The result of a statement.

    Attributes:
        columns: Columns of the result set; None if there is none.
        rows: Texts in PostgreSQL's output format; None is NULL.
        count: Number of rows returned or changed; -1 if it does not apply.
    """

    columns: list[ResultColumn] | None = None
    rows: Sequence[Row] = ()
    count: int = -1


class Session:
    """One session of the warehouse.

    Args:
        warehouse: The database.
        store: Where COPY reads and UNLOAD writes.
        query_id: Redshift's query id, for the system tables.
        user: The session's user, created on first use, as Redshift creates IAM's users. Empty: the administrator.
        role_access: Checks accesses to S3 by the role of a COPY or UNLOAD; None: no check.
        catalog: The Glue catalog, for external schemas; None: there are none.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        store: ObjectStore,
        query_id: int,
        user: str = "",
        role_access: RoleAccess | None = None,
        catalog: Catalog | None = None,
    ) -> None:
        self._warehouse = warehouse
        self._objects = store
        self._role_access = role_access
        self._query_id = query_id
        self.connection = warehouse.connect(autocommit=True)
        self._external = ExternalSchemas(self.connection, catalog, self._store) if catalog else None
        if user:
            self._become(user.lower())

    def _become(self, user: str) -> None:
        name = quote_name(user)
        try:
            self.connection.execute(f"SET SESSION AUTHORIZATION {name}")
        except psycopg.errors.InvalidParameterValue:  # the user does not exist yet
            with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):  # another session was faster
                self.connection.execute(f"CREATE ROLE {name} LOGIN")
            self.connection.execute(f"SET SESSION AUTHORIZATION {name}")

    def _store(self, role: str) -> ObjectStore:
        return AsRole(self._objects, self._role_access(role)) if self._role_access else self._objects

    @property
    def pid(self) -> int:
        """Process id of the database session."""
        return self.connection.info.backend_pid

    def close(self) -> None:
        """Ends the session. Uncommitted changes are rolled back."""
        self.connection.close()

    def cancel(self) -> None:
        """Cancels the running statement. Called from another thread."""
        self.connection.cancel_safe(timeout=10)

    def run_alone(self, sql: str) -> StatementResult:
        """Runs one statement and commits it.

        Raises:
            StatementError, LoadError, psycopg.Error: See `error_text`.
        """
        word = first_word(sql)
        if word == "VACUUM":  # no transaction at all
            return self._translated(sql)
        if word == "CALL":  # no explicit transaction: the procedure may COMMIT
            self.connection.execute("SELECT set_config('rs.top_level_call', 'on', false)")
            return self._translated(sql)
        self.begin()
        outcome = self.run(sql)
        self.commit()
        return outcome

    def begin(self) -> None:
        """Opens a transaction."""
        self.connection.execute("BEGIN")

    def commit(self) -> None:
        """Commits the open transaction."""
        self.connection.execute("COMMIT")

    def run(self, sql: str) -> StatementResult:
        """Runs one statement in the open transaction. Raises like `run_alone`."""
        word = first_word(sql)
        if word == "COPY":
            return self._copy(sql)
        if word == "UNLOAD":
            command = parse_unload(sql)
            return StatementResult(count=unload(self.connection, command, self._store(command.role)))
        return self._translated(sql)

    def _copy(self, sql: str) -> StatementResult:
        command = parse_copy(sql)
        try:
            return StatementResult(count=copy(self.connection, command, self._store(command.role)))
        except LoadError as error:
            self._record(error)
            raise
        except psycopg.DataError as error:
            failure = LoadError(error_text(error), column=error.diag.column_name or "")
            self._record(failure)
            raise
        except psycopg.IntegrityError as error:
            self._record(LoadError(error_text(error), column=error.diag.column_name or ""))
            raise

    def _record(self, error: LoadError) -> None:
        with self._warehouse.connect(autocommit=True) as connection:
            record_failure(connection, error, self._query_id)

    def _translated(self, sql: str) -> StatementResult:
        outcome = StatementResult()
        rewritten: Callable[[str], str] = str
        parts = statements(sql)
        if self._external and first_word(sql) in _READING:
            rewritten = self._external.bring(sql)
        for part in parts:
            with self.connection.cursor() as cursor:
                cursor.execute(rewritten(part))
                outcome = _outcome(cursor)
        if first_word(sql) not in ("SELECT", "WITH", "(", "SHOW", "CALL"):
            outcome.columns = None
            outcome.rows = ()
        return outcome


def first_word(sql: str) -> str:
    """The statement's first keyword in upper case; empty if there is none."""
    tokens = tokenize(sql)
    return tokens[0].upper if tokens else ""


def refuse_in_batch(sql: str) -> None:
    """Raises RefusedByRedshift for a statement that can't be part of a transaction."""
    words = [token.upper for token in tokenize(sql)[:6]]
    reason = _NOT_IN_TRANSACTION.get(words[0]) if words else None
    if words[:2] == ["ALTER", "TABLE"] and "APPEND" in [token.upper for token in tokenize(sql)[:8]]:
        reason = "ALTER TABLE APPEND cannot run inside a transaction block"
    if reason:
        raise RefusedByRedshift(reason)


def _outcome(cursor: psycopg.Cursor[Any]) -> StatementResult:
    result = cursor.pgresult
    if result is None or cursor.description is None:
        return StatementResult(count=cursor.rowcount)
    columns = [
        ResultColumn(
            description.name,
            _type_name(description),
            description.display_size or 0,
            description.precision or 0,
            description.scale or 0,
        )
        for description in cursor.description
    ]
    return StatementResult(columns, SentRows(result), result.ntuples)


def _type_name(description: psycopg.Column) -> str:
    name = description.type_display.split("(")[0]
    return _REDSHIFT_TYPES.get(name, name)


_CONNECTION_LOST = (
    "the warehouse's server ended while the statement ran. Uncommitted changes were rolled back, and the server "
    "is being restarted: submit the statement again"
)
_BYTES = re.compile(r"rs_bytes_(\d+)_")


def error_text(error: Exception) -> str:
    """An error in Redshift's words. Begins with `ERROR:`."""
    if isinstance(error, UnsupportedStatement):
        return f"ERROR: not supported by the local Redshift: {error}"
    if isinstance(error, (StatementError, LoadError)):
        return f"ERROR: {error}"
    if isinstance(error, RecursionError):
        return "ERROR: the statement is nested too deeply for the local Redshift"
    if not isinstance(error, psycopg.Error):
        return f"ERROR: {error or type(error).__name__}"
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return f"ERROR: {_CONNECTION_LOST}"
    return f"ERROR: {_database_error(error)}"


def _database_error(error: psycopg.Error) -> str:
    diag = error.diag
    state = error.sqlstate
    message = diag.message_primary or str(error)
    if state in ("40001", "40P01"):
        return f"1023\n  Detail: Serializable isolation violation on table in Redshift ({message})"
    if state == "23514" and (match := _BYTES.match(diag.constraint_name or "")):
        return f"value too long for type character varying({match[1]})"
    if state == "23502":
        return f"Cannot insert a NULL value into column {diag.column_name}"
    if state == "21000" and "second time" in message:
        return "Found multiple matches to update the same tuple"
    if state == "428C9":
        return f"cannot set an identity column to a value ({message})"
    if state == "2D000":
        return "TRUNCATE, COMMIT and ROLLBACK cannot be invoked from a procedure that is executing in an atomic context"
    if state == "57014":
        return "Query cancelled on user's request"
    detail = f"\n  Detail: {diag.message_detail}" if diag.message_detail else ""
    hint = f"\n  Hint: {diag.message_hint}" if diag.message_hint else ""
    return f"{message}{detail}{hint}"
