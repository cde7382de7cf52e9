"""Executes Redshift statements in one PostgreSQL session.

A statement commits by itself unless a transaction is open: a batch of the Data API, or one that a BEGIN has opened. An
error aborts the open transaction, whoever finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import psycopg

from . import lookups
from .calls import call, prepare
from .database.roles import open_session
from .database.warehouse import Warehouse
from .error_words import error_text
from .errors import LoadError, RefusedByRedshift, Rejection, StatementError
from .results import Row, SentRows
from .transfer import history
from .transfer.copy_command import CopyCommand, parse_copy
from .transfer.credentials import Credentials
from .transfer.external import Catalog, ExternalSchemas
from .transfer.load import copy
from .transfer.objects import AsRole, ObjectStore, RoleAccess
from .transfer.unload import unload
from .transfer.unload_command import parse_unload
from .translator import query
from .translator.late_binding import LateView, Name, late_views_found_by
from .translator.lexer import tokenize
from .translator.relations import Columns, looked_up_by
from .translator.routines import Modes, procedures_found_by
from .translator.translation import statements

_NOT_IN_TRANSACTION = {
    "VACUUM": "VACUUM cannot run inside a transaction block",
    "REFRESH": "REFRESH MATERIALIZED VIEW does not see the uncommitted changes of its own transaction: run it alone",
}
_TRANSACTION_WORDS = ("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT")
_LOAD_CODES = {"23502": 1213, "23514": 1204, "22001": 1204}
"""Redshift's codes of the errors that PostgreSQL finds in columnar files, by SQLSTATE."""
_READING = ("SELECT", "WITH", "(", "INSERT", "EXPLAIN", "SHOW")
_WITH_RESULT = ("SELECT", "WITH", "(", "SHOW", "CALL", "EXPLAIN", "FETCH", "EXECUTE")
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
        notices: Messages for the client, such as the number of records that COPY loaded.
    """

    columns: list[ResultColumn] | None = None
    rows: Sequence[Row] = ()
    count: int = -1
    notices: Sequence[str] = ()


class Session:
    """One session of the warehouse.

    Args:
        warehouse: The database.
        store: Where COPY reads and UNLOAD writes.
        query_id: Redshift's query id, for the system tables.
        user: The session's user. One of IAM's is created on first use, as Redshift does. Empty: the administrator.
        role_access: Checks accesses to S3 by the role or access key of a COPY or UNLOAD; None: no check.
        catalog: The Glue catalog, for external schemas; None: there are none.
        connection: The session's connection, which commits by itself; None opens one.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        store: ObjectStore,
        query_id: int,
        user: str = "",
        role_access: RoleAccess | None = None,
        catalog: Catalog | None = None,
        connection: psycopg.Connection | None = None,
    ) -> None:
        self._warehouse = warehouse
        self._objects = store
        self._role_access = role_access
        self._query_id = query_id
        self.connection = connection or open_session(warehouse, user)
        self.external = ExternalSchemas(self.connection, catalog, self._store) if catalog else None

    def _store(self, credentials: Credentials) -> ObjectStore:
        return AsRole(self._objects, self._role_access(credentials)) if self._role_access else self._objects

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

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, perhaps an aborted one."""
        return self.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE

    def run_alone(self, sql: str) -> StatementResult:
        """Runs one statement: in the open transaction, or in one of its own, which it commits.

        Raises:
            StatementError, LoadError, psycopg.Error: See `error_words`.
        """
        word = first_word(sql)
        if self.in_transaction:
            try:
                refuse_in_transaction(sql)
            except StatementError:
                self._abort()
                raise
            return self.run(sql)
        if word in _TRANSACTION_WORDS:
            return self.run(sql)
        if word in ("VACUUM", "CALL"):  # no transaction at all; no explicit one, because the procedure may COMMIT
            return self._translated(sql)
        self.begin()
        try:
            outcome = self.run(sql)
        except BaseException:
            self.rollback()
            raise
        self.commit()
        return outcome

    def begin(self) -> None:
        """Opens a transaction."""
        self.connection.execute("BEGIN")

    def commit(self) -> None:
        """Commits the open transaction, if there is one."""
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        """Rolls the open transaction back, if there is one and the server still answers."""
        with suppress(psycopg.OperationalError):
            if self.in_transaction:
                self.connection.execute("ROLLBACK")

    def run(self, sql: str) -> StatementResult:
        """Runs one statement in the open transaction. TRUNCATE commits it. Raises like `run_alone`."""
        try:
            outcome = self._run(sql)
        except (StatementError, LoadError):
            self._abort()
            raise
        if first_word(sql) == "TRUNCATE":
            self.commit()
        return outcome

    def _abort(self) -> None:
        """Aborts the open transaction, as every error does in Redshift."""
        if self.connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS:
            with suppress(psycopg.errors.RaiseException):
                self.connection.execute("DO 'BEGIN RAISE EXCEPTION ''aborted''; END'")

    def _run(self, sql: str) -> StatementResult:
        word = first_word(sql)
        if word == "COPY":
            return self._copy(sql)
        if word == "UNLOAD":
            return self._unload(sql)
        return self._translated(sql)

    def _copy(self, sql: str) -> StatementResult:
        command = parse_copy(sql)
        began = datetime.now(UTC).replace(tzinfo=None)
        user = self._user()
        try:
            outcome = copy(self.connection, command, self._store(command.credentials))
        except LoadError as error:
            self._record(command, user, history.rejections_of(error))
            raise
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            rejection = Rejection(_LOAD_CODES.get(error.sqlstate or "", 1200), error_text(error), command.source)
            self._record(command, user, [replace(rejection, column=error.diag.column_name or "")])
            raise
        if outcome.rejections:
            self._record(command, user, outcome.rejections)
        history.record_load(self.connection, command, outcome, self._query_id, began)
        return StatementResult(count=outcome.rows, notices=outcome.notices)

    def _user(self) -> str:
        (user,) = self.connection.execute("SELECT session_user").fetchone() or ("",)
        return str(user)

    def _record(self, command: CopyCommand, user: str, rejections: Sequence[Rejection]) -> None:
        with self._warehouse.connect(autocommit=True) as connection:
            history.record_rejections(
                connection,
                rejections,
                table=command.table,
                query_id=self._query_id,
                user=user,
                pid=self.pid,
            )

    def _unload(self, sql: str) -> StatementResult:
        command = parse_unload(sql)
        began = datetime.now(UTC).replace(tzinfo=None)
        texts = [command.query]
        with self._known(texts):
            translated = query.select(command.query)
        if self.external:
            translated = self.external.bring("\n".join(texts))(translated)
        outcome = unload(self.connection, command, translated, self._store(command.credentials))
        history.record_unload(self.connection, command, outcome, self._query_id, began)
        return StatementResult(count=outcome.rows, notices=outcome.notices)

    @contextmanager
    def _known(self, texts: list[str] | None = None) -> Iterator[None]:
        """Translations inside know the session's relations. Queries of views that bind late are added to `texts`."""

        def views(names: Iterable[Name]) -> dict[Name, LateView]:
            late_views = self.late_views(names)
            if texts is not None:
                texts.extend(view.text for view in late_views.values())
            return late_views

        with (
            looked_up_by(self.columns, self.schema_of_function),
            late_views_found_by(views),
            procedures_found_by(self.procedures),
        ):
            yield

    def _translated(self, sql: str) -> StatementResult:
        outcome = StatementResult()
        rewritten: Callable[[str], str] = str
        texts = [sql]
        parts = self._translate(sql, texts)
        if self.external and first_word(sql) in _READING:
            rewritten = self.external.bring("\n".join(texts))
        for part in parts:
            if first_word(sql) == "CALL":
                outcome = _outcome(call(self.connection, part, self._translate))
                continue
            with self.connection.cursor() as cursor:
                cursor.execute(rewritten(part))
                outcome = _outcome(cursor)
        if first_word(sql) not in _WITH_RESULT:
            outcome.count = outcome.count if outcome.columns is None else -1
            outcome.columns = None
            outcome.rows = ()
        return outcome

    def _translate(self, sql: str, texts: list[str] | None = None) -> list[str]:
        with self._known(texts):
            return statements(sql)

    def prepare_dynamic(self, text: str) -> None:
        """Translates dynamic SQL that a call has asked for. Raises like `calls.prepare`."""
        prepare(self.connection, text, self._translate)

    def columns(self, schema: str | None, name: str) -> Columns | None:
        """The columns of a relation, which may be an external table; None if there is none."""
        return lookups.columns(self.connection, schema, name) or self.external_columns(schema, name)

    def external_columns(self, schema: str | None, name: str) -> Columns | None:
        """The columns of an external table; None if there is none of this name."""
        return self.external.columns(schema, name) if self.external and schema else None

    def late_views(self, names: Iterable[Name]) -> dict[Name, LateView]:
        """Those of the relations that bind late. Raises RefusedByRedshift if the user may not read one."""
        return lookups.late_views(self.connection, names)

    def procedures(self, schema: str | None, name: str) -> list[Modes]:
        """The modes of the arguments of each procedure of a name."""
        return lookups.procedures(self.connection, schema, name)

    def schema_of_function(self, name: str) -> str | None:
        """The schema of a user-defined function that is called by its bare name; None if there is none."""
        return lookups.schema_of_function(self.connection, name)


def first_word(sql: str) -> str:
    """The statement's first keyword in upper case; empty if there is none."""
    tokens = tokenize(sql)
    return tokens[0].upper if tokens else ""


def refuse_in_transaction(sql: str) -> None:
    """Raises RefusedByRedshift for a statement that can't be part of a transaction."""
    words = [token.upper for token in tokenize(sql)[:6]]
    reason = _NOT_IN_TRANSACTION.get(words[0]) if words else None
    if words[:2] == ["ALTER", "TABLE"] and "APPEND" in [token.upper for token in tokenize(sql)[:8]]:
        reason = "ALTER TABLE APPEND cannot run inside a transaction block"
    if words[:2] == ["ALTER", "TABLE"] and "TYPE" in [token.upper for token in tokenize(sql)[:12]]:
        reason = "ALTER TABLE ALTER COLUMN cannot run inside a transaction block"
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
    super_columns = frozenset(number for number, column in enumerate(columns) if column.type_name == "super")
    return StatementResult(columns, SentRows(result, super_columns), result.ntuples)


def _type_name(description: psycopg.Column) -> str:
    name = description.type_display.split("(")[0]
    return _REDSHIFT_TYPES.get(name, name)
