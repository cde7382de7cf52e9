"""Statements that were submitted to the Data API: their states, and the threads that run them."""

from __future__ import annotations

import logging
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import psycopg

from . import parameters
from .errors import LoadError, RefusedByRedshift, StatementError
from .execution import Session, StatementResult, error_text, first_word, refuse_in_batch
from .external import Catalog
from .objects import ObjectStore, RoleAccess
from .results import Results
from .warehouse import DATABASE, USER, Warehouse, WarehouseError

Status = Literal["SUBMITTED", "STARTED", "FINISHED", "FAILED", "ABORTED"]
_MOST_STATEMENTS = 2000
_KEPT_SECONDS = 24 * 3600
"""How long AWS keeps a statement and its result."""
_MOST_ACTIVE = 500
_AT_ONCE = 25
_STACK_BYTES = 256 * 1024 * 1024
"""Address space for a statement's thread: SQL nests deeper than a thread's default stack allows."""
_NESTING = 20_000
"""Limit of nested Python calls; each level of an expression takes about 20 in the parser."""

_EXPECTED = (StatementError, LoadError, WarehouseError, psycopg.Error, OSError, ValueError)

log = logging.getLogger(__name__)


class TooManyActive(RuntimeError):
    """The maximum number of statements are waiting or running."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: a statement, or the statements of a batch.

    Attributes:
        autocommit: Each statement commits by itself; otherwise all are one transaction.
        values: Named parameters.
        fields: Parameters of the request that responses repeat (cluster, workgroup, user, secret).
        user: The database user; empty for the administrator.
        owner: `aws:userid` of the role's session that sent it, or None.
    """

    sqls: list[str]
    is_batch: bool
    autocommit: bool
    values: dict[str, str]
    database: str
    fields: dict[str, Any]
    name: str | None = None
    token: str | None = None
    user: str = ""
    owner: str | None = None


@dataclass(slots=True, eq=False)
class Statement:
    """A statement, a batch, or a part of one (`<id of the batch>:<number from 1>`). Times are in epoch seconds."""

    id: str
    sql: str
    request: Request
    query_id: int
    parts: list[Statement] = field(default_factory=list)
    status: Status = "SUBMITTED"
    error: str | None = None
    outcome: StatementResult | None = None
    duration: int = 0
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    session: Session | None = None
    pid: int = 0
    cancelled: bool = False

    @property
    def has_result(self) -> bool:
        """Whether it (or a part of it) has a result set."""
        has_own_result = self.outcome is not None and self.outcome.columns is not None
        return has_own_result or any(part.has_result for part in self.parts)

    @property
    def is_active(self) -> bool:
        """Whether it is waiting or running."""
        return self.status in ("SUBMITTED", "STARTED")

    def set(self, status: Status, error: str | None = None) -> None:
        """Changes the state."""
        self.error = error
        self.updated_at = time.time()
        self.status = status  # last: other threads read it first


_starting = threading.Lock()


def _start(run: Callable[[Statement], None], statement: Statement) -> None:
    """Runs a statement in a new thread, with a stack for deeply nested SQL."""
    with _starting:  # the stack size applies to the whole process; other threads get the default again
        usual = threading.stack_size(_STACK_BYTES)
        try:
            sys.setrecursionlimit(max(sys.getrecursionlimit(), _NESTING))
            threading.Thread(target=run, args=(statement,), name=f"statement-{statement.id}", daemon=True).start()
        finally:
            threading.stack_size(usual)


class StatementStore:
    """Submits, runs, finds and cancels statements.

    Args:
        warehouse: The database that runs them.
        objects: Creates the object store of COPY and UNLOAD on first use.
        role_access: Checks accesses to S3 by the role of a COPY or UNLOAD; None: no check.
        catalog: The Glue catalog, for external schemas; None: there are none.
        results: Stores the results of the statements.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        objects: Callable[[], ObjectStore],
        role_access: RoleAccess | None = None,
        catalog: Catalog | None = None,
        results: Results | None = None,
    ) -> None:
        self._warehouse = warehouse
        self._results = results or Results()
        self._make_objects = objects
        self._role_access = role_access
        self._catalog = catalog
        self._lock = threading.Lock()
        self._statements: dict[str, Statement] = {}
        self._tokens: dict[str, str] = {}
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._last_query_id = time.time_ns() // 1_000_000  # ids stay unique across restarts

    def submit(self, request: Request) -> Statement:
        """Registers a request and runs it in a thread. The same ClientToken returns the same statement.

        Raises:
            TooManyActive: 500 statements are already waiting or running.
        """
        with self._lock:
            if request.token and request.token in self._tokens:
                return self._statements[self._tokens[request.token]]
            if sum(entry.is_active for entry in self._statements.values() if ":" not in entry.id) >= _MOST_ACTIVE:
                raise TooManyActive(f"{_MOST_ACTIVE} statements are active")
            statement = self._register(request)
            if request.token:
                self._tokens[request.token] = statement.id
        try:
            _start(self._run, statement)
        except RuntimeError as error:  # no room for another thread
            self._fail(statement, statement, error)
        return statement

    def session(self, user: str, database: str, query_id: int = 0) -> Session:
        """Opens a session of a user. The caller closes it.

        Raises:
            RefusedByRedshift: there is no such database.
        """
        if database.lower() != DATABASE:
            raise RefusedByRedshift(f'FATAL: database "{database}" does not exist')
        objects = self._make_objects()
        return Session(self._warehouse, objects, query_id, user, self._role_access, self._catalog)

    def get(self, identifier: str) -> Statement | None:
        """A statement by its id, including parts of batches."""
        with self._lock:
            return self._statements.get(identifier)

    def owner(self, identifier: str) -> str | None:
        """`aws:userid` of the role's session that submitted a statement, or None."""
        statement = self.get(identifier)
        return statement.request.owner if statement else None

    def all(self) -> list[Statement]:
        """Statements and batches, newest first."""
        with self._lock:
            return [statement for statement in reversed(self._statements.values()) if ":" not in statement.id]

    def cancel(self, statement: Statement) -> bool:
        """Cancels a statement that has not ended. Returns whether there was something to cancel."""
        with self._lock:
            if statement.status not in ("SUBMITTED", "STARTED"):
                return False
            statement.cancelled = True
            session = statement.session
        if session is not None:
            session.cancel()
        return True

    def _register(self, request: Request) -> Statement:
        identifier = str(uuid.uuid4())
        statement = Statement(identifier, "; ".join(request.sqls), request, self._next_query_id())
        self._statements[identifier] = statement
        for i, sql in enumerate(request.sqls if request.is_batch else (), 1):
            part = Statement(f"{identifier}:{i}", sql, request, self._next_query_id())
            statement.parts.append(part)
            self._statements[part.id] = part
        self._forget()
        self._tokens = {token: i for token, i in self._tokens.items() if i in self._statements}
        return statement

    def _forget(self) -> None:
        """Drops statements that ended a day ago, and the oldest ones if there are too many, with their results."""
        for identifier, statement in list(self._statements.items()):
            is_old = time.time() - statement.updated_at > _KEPT_SECONDS
            if statement.is_active or not (is_old or len(self._statements) > _MOST_STATEMENTS):
                return
            del self._statements[identifier]

    def _next_query_id(self) -> int:
        self._last_query_id += 1
        return self._last_query_id

    def _run(self, top: Statement) -> None:
        """The whole work of a thread: one session, the statements, the final state."""
        with self._slots:
            if top.cancelled:
                self._abort(top)
                return
            start = time.perf_counter_ns()
            try:
                session = self.session(top.request.user, top.request.database, top.query_id)
            except Exception as error:  # noqa: BLE001  whatever the error, the statement has ended
                self._fail(top, top, error)
                return
            try:
                with self._lock:
                    top.session = session
                    top.pid = session.pid
                top.set("STARTED")
                self._run_parts(top, session)
            finally:
                with self._lock:
                    top.session = None
                session.close()
                top.duration = time.perf_counter_ns() - start
            try:
                self._remember(top)
            except (psycopg.Error, WarehouseError) as error:  # the statement has ended, and its caller has the result
                log.warning("statement %s is missing in sys_query_history: %s", top.id, error_text(error))

    def _run_parts(self, top: Statement, session: Session) -> None:
        parts = top.parts or [top]
        transaction = not top.request.autocommit
        current = top
        try:
            if transaction:
                session.begin()
            for current in parts:
                self._run_one(current, session, transaction and len(parts) > 1)
            if transaction:
                current = top
                session.commit()
        except Exception as error:  # noqa: BLE001  whatever the error, the statement has ended
            self._fail(top, current, error)
            return
        top.set("FINISHED")

    def _run_one(self, part: Statement, session: Session, in_batch: bool) -> None:
        start = time.perf_counter_ns()
        if part.status == "SUBMITTED":
            part.set("STARTED")
        sql = parameters.bind(part.sql, part.request.values)
        try:
            if in_batch:
                refuse_in_batch(sql)
            outcome = session.run_alone(sql) if part.request.autocommit else session.run(sql)
            if outcome.columns is not None:
                outcome.rows = self._results.keep(outcome.rows)
            part.outcome = outcome
        finally:
            part.duration = time.perf_counter_ns() - start
        if ":" in part.id:
            part.set("FINISHED")

    def _fail(self, top: Statement, current: Statement, error: Exception) -> None:
        if top.cancelled:
            self._abort(top)
            return
        if not isinstance(error, _EXPECTED):
            log.error("statement %s failed in the local Redshift itself", top.id, exc_info=error)
        text = error_text(error)
        if current is not top:
            current.set("FAILED", text)
            number = top.parts.index(current) + 1
            text = f"Query #{number} failed with {text}"
        for part in top.parts:
            if part.status in ("SUBMITTED", "STARTED"):
                part.set("ABORTED")
        top.set("FAILED", text)

    def _abort(self, top: Statement) -> None:
        for part in top.parts:
            if part.status in ("SUBMITTED", "STARTED"):
                part.set("ABORTED")
        top.set("ABORTED")

    def _remember(self, top: Statement) -> None:
        """Writes `sys_query_history`, which includes statements about the history itself."""
        kind = first_word(top.parts[0].sql if top.parts else top.sql) if top.error is None else "OTHER"
        row = (
            top.query_id,
            kind,
            {"FINISHED": "success", "FAILED": "failed", "ABORTED": "canceled"}.get(top.status, top.status),
            top.created_at,
            top.updated_at,
            top.duration // 1000,
            top.outcome.count if top.outcome else 0,
            top.error,
            top.sql[:4000],
            top.request.user.lower() or USER,
        )
        with self._warehouse.connect(autocommit=True) as connection:
            connection.execute(
                "INSERT INTO rs.sys_query_history (query_id, query_type, status, start_time, end_time, elapsed_time,"
                " returned_rows, error_message, query_text, user_name) VALUES"
                " (%s, %s, %s, to_timestamp(%s) AT TIME ZONE 'UTC', to_timestamp(%s) AT TIME ZONE 'UTC',"
                " %s, %s, %s, %s, %s)",
                row,
            )
