"""Statements that were submitted to the Data API: their states, and the threads that run them."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import psycopg

from ..database.warehouse import DATABASE, USER, Warehouse, WarehouseError
from ..error_words import error_text
from ..errors import LoadError, RefusedByRedshift, StatementError
from ..execution import Session, StatementResult, first_word
from ..results import Results
from ..threads import start_deep
from ..transfer.external import Catalog
from ..transfer.objects import ObjectStore, RoleAccess
from ..translator.redaction import redacted
from . import parameters
from .sessions import BusySession, KeptSession, NoSuchSession, SessionStore

Status = Literal["SUBMITTED", "STARTED", "FINISHED", "FAILED", "ABORTED"]
_MOST_STATEMENTS = 2000
_KEPT_SECONDS = 24 * 3600
"""How long AWS keeps a statement and its result."""
_MOST_ACTIVE = 500
_AT_ONCE = 25

_VANISHED = "the local Redshift lost the statement's thread; submit the statement again"

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
        kept: The session that it runs in; None: one of its own.
        keep_seconds: How long that session stays open afterwards; None: as before.
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
    kept: KeptSession | None = None
    keep_seconds: int | None = None


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
    thread: threading.Thread | None = None

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


class StatementStore:
    """Submits, runs, finds and cancels statements.

    Args:
        warehouse: The database that runs them.
        objects: Creates the object store of COPY and UNLOAD on first use.
        role_access: Checks accesses to S3 by the role or access key of a COPY or UNLOAD; None: no check.
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
        self.sessions = SessionStore()
        self._statements: dict[str, Statement] = {}
        self._tokens: dict[str, str] = {}
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._last_query_id = time.time_ns() // 1_000_000  # ids stay unique across restarts

    def submit(self, request: Request) -> Statement:
        """Registers a request and runs it in a thread. The same ClientToken returns the same statement.

        Raises:
            TooManyActive: 500 statements are already waiting or running.
            NoSuchSession, BusySession, TooManySessions: its session cannot take it.
        """
        with self._lock:
            if request.token and request.token in self._tokens:
                return self._statements[self._tokens[request.token]]
            if sum(entry.is_active for entry in self._statements.values() if ":" not in entry.id) >= _MOST_ACTIVE:
                raise TooManyActive(f"{_MOST_ACTIVE} statements are active")
            if request.kept is None and request.keep_seconds:
                request = self._in_new_session(request)
            statement = self._register(request)
            if request.kept is not None:
                try:
                    self.sessions.take(request.kept, statement.id, request.keep_seconds)
                except (NoSuchSession, BusySession):
                    self._unregister(statement)
                    raise
            if request.token:
                self._tokens[request.token] = statement.id
        try:
            start_deep(f"statement-{statement.id}", self._run_to_its_end, statement)
        except RuntimeError as error:  # no room for another thread
            self._fail(statement, statement, error)
            self._leave(statement, statement.request.kept.session if statement.request.kept else None)
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
        """A statement by its id, including parts of batches. One whose thread has vanished has failed."""
        with self._lock:
            statement = self._statements.get(identifier)
        top = statement and self._statements.get(identifier.split(":", maxsplit=1)[0])
        if top and top.is_active and top.thread and not top.thread.is_alive():
            self._fail(top, top, RuntimeError(_VANISHED))
        return statement

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

    def _in_new_session(self, request: Request) -> Request:
        kept = self.sessions.open(
            request.owner, request.user, request.database, request.fields, request.keep_seconds or 0
        )
        return replace(request, kept=kept)

    def _unregister(self, statement: Statement) -> None:
        for entry in (statement, *statement.parts):
            del self._statements[entry.id]

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

    def _run_to_its_end(self, top: Statement) -> None:
        """Runs a statement. It has a final state afterwards, whatever is thrown."""
        top.thread = threading.current_thread()
        try:
            self._run(top)
        except BaseException as error:  # noqa: BLE001  also MemoryError, SystemExit and KeyboardInterrupt
            self._fail(top, top, error)

    def _run(self, top: Statement) -> None:
        """The whole work of a thread: one session, the statements, the final state."""
        with self._slots:
            start = time.perf_counter_ns()
            session = top.request.kept.session if top.request.kept else None
            failure: tuple[Statement, Exception] | None = None
            try:
                if not top.cancelled:
                    session = session or self.session(top.request.user, top.request.database, top.query_id)
                    failure = self._run_parts(top, session)
            except Exception as error:  # noqa: BLE001  whatever the error, the statement has ended
                failure = (top, error)
            except BaseException:  # the thread ends, and its session with it
                self._leave(top, session)
                raise
            with self._lock:
                top.session = None
            top.duration = time.perf_counter_ns() - start
            self._leave(top, session)  # before the end shows: the caller may use the session again at once
            if top.cancelled and top.status == "SUBMITTED":
                self._abort(top)
            elif failure is not None:
                self._fail(top, *failure)
            else:
                top.set("FINISHED")
            if session is None:
                return
            try:
                self._remember(top)
            except (psycopg.Error, WarehouseError) as error:  # the statement has ended, and its caller has the result
                log.warning("statement %s is missing in sys_query_history: %s", top.id, error_text(error))

    def _leave(self, top: Statement, session: Session | None) -> None:
        """Ends the statement's use of its session."""
        if top.request.kept is not None:
            self.sessions.give_back(top.request.kept, session)
        elif session is not None:
            session.close()

    def _run_parts(self, top: Statement, session: Session) -> tuple[Statement, Exception] | None:
        """Runs the statements. Returns the one that failed, with its error."""
        with self._lock:
            top.session = session
            top.pid = session.pid
        top.set("STARTED")
        parts = top.parts or [top]
        transaction = not top.request.autocommit and len(parts) > 1
        current = top
        try:
            if transaction and not session.in_transaction:
                session.begin()
            for current in parts:
                self._run_one(current, session)
            if transaction:
                current = top
                session.commit()
        except Exception as error:  # noqa: BLE001  whatever the error, the statement has ended
            if transaction:
                session.rollback()
            return current, error
        return None

    def _run_one(self, part: Statement, session: Session) -> None:
        start = time.perf_counter_ns()
        if part.status == "SUBMITTED":
            part.set("STARTED")
        sql = parameters.bind(part.sql, part.request.values)
        try:
            outcome = session.run_alone(sql)
            if outcome.columns is not None:
                outcome.rows = self._results.keep(outcome.rows)
            part.outcome = outcome
        finally:
            part.duration = time.perf_counter_ns() - start
        if ":" in part.id:
            part.set("FINISHED")

    def _fail(self, top: Statement, current: Statement, error: BaseException) -> None:
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
            redacted(top.sql)[:4000],
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
