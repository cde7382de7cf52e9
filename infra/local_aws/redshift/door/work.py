"""Runs one planned statement in a session: by PostgreSQL, or by our own code on the same connection."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress

import psycopg

from .. import calls
from ..error_words import error_text
from ..errors import LoadError, RefusedByRedshift, StatementError, UnsupportedStatement
from ..execution import Session
from ..translator.late_binding import LateView, Name
from ..translator.lexer import quote_name
from ..translator.relations import Columns
from ..translator.routines import Modes
from . import replies
from .client import Client
from .messages import complete, error, notice, query, ready
from .plan_cache import PlanCache
from .planning import Plan
from .upstream import COMMAND, HIDDEN, HIDDEN_READY, READY, Reply, ServerEnded, Upstream

_LOG = logging.getLogger(__name__)
_COLUMNS = """
SELECT number, attname, format_type(atttypid, atttypmod)
FROM unnest(%s::text[]) WITH ORDINALITY AS asked (name, number) JOIN pg_attribute ON attrelid = to_regclass(asked.name)
WHERE attnum > 0 AND NOT attisdropped ORDER BY number, attnum"""
_FAILED_TRANSACTION = "current transaction is aborted, commands ignored until end of transaction block"


class Work:
    """The statements of one session; it looks up the session's `Knowledge` for their plans.

    Args:
        client: Gets the replies.
        upstream: PostgreSQL's session.
        session: Runs COPY, UNLOAD, and brings external tables on the same connection.
        plans: The plans of all sessions.
    """

    def __init__(self, client: Client, upstream: Upstream, session: Session, plans: PlanCache) -> None:
        self.client = client
        self.upstream = upstream
        self._session = session
        self._plans = plans
        self._settle: Callable[[], object] = bool

    def settle_with(self, settle: Callable[[], object]) -> None:
        """Sets what makes PostgreSQL idle before psycopg uses the connection."""
        self._settle = settle

    def plan(self, text: str) -> Plan | None:
        """The plan of a statement; None after an error, which the client has got."""
        try:
            return self._plans.plan(text, self)
        except Exception as failure:  # noqa: BLE001  whatever the error, the client gets it
            self.refuse(failure)
            return None

    def refuse(self, failure: Exception) -> None:
        """Reports an error of our own code, and aborts the client's transaction, as any error does."""
        self.check_server()
        self._settle()
        text = error_text(failure).removeprefix("ERROR: ")
        if isinstance(failure, psycopg.Error):
            code = replies.condition(failure.sqlstate or "XX000")
        elif isinstance(failure, UnsupportedStatement):
            code = "0A000"
        elif isinstance(failure, RefusedByRedshift):
            code = "42601"
        else:
            code = "XX000"
            if not isinstance(failure, (StatementError, LoadError, RecursionError)):
                _LOG.error("a statement failed in the local Redshift itself", exc_info=failure)
        self.client.send(error(text, code))
        if self.upstream.status == b"T":
            with suppress(psycopg.Error):
                self.upstream.connection.execute("the warehouse's door refused a statement")  # fails, as it shall
            self.upstream.refresh()

    def refuse_failed(self, plan: Plan) -> bool:
        """Reports that the transaction has failed, unless the plan ends it. Returns whether it did."""
        if self.upstream.status != b"E" or plan.ends_transaction:
            return False
        self.client.send(error(_FAILED_TRANSACTION, "25P02"))
        return True

    def run(self, plan: Plan, is_last: bool = False) -> bool:
        """Runs a statement. PostgreSQL must be idle.

        Args:
            plan: What to do.
            is_last: Whether the client gets ReadyForQuery at the end.

        Returns:
            Whether it worked. The client has got the error.
        """
        if plan.kind in ("copy", "unload"):
            done = self._transfer(plan)
        elif plan.reads and self.names_external(plan):
            done = self._with_external(plan)
        elif plan.kind == "call":
            done = self.call(query(plan.parts[0]), (*_expected(plan), HIDDEN_READY))
        else:
            end = READY if is_last else HIDDEN_READY
            return self.upstream.exchange(query(";\n".join(plan.parts)), (*_expected(plan), end))
        if is_last:
            self.client.send(ready(self.upstream.status))
        return done

    def call(self, request: bytes, expected: tuple[Reply, ...]) -> bool:
        """Calls a procedure. If it asks for the translation of dynamic SQL, it is called again with that.

        Args:
            request: The call, with a Sync or as a simple query.
            expected: The replies; ReadyForQuery is hidden.

        Returns:
            Whether it worked. The client has got the error.
        """
        in_transaction = self.upstream.status == b"T"
        self.upstream.run_hidden(calls.beginning(in_transaction))
        for _ in range(calls.MOST_TEXTS):
            if in_transaction:
                self.upstream.run_hidden(f"SAVEPOINT {calls.SAVEPOINT}")
            done = self.upstream.exchange(request, expected)
            text = self.upstream.untranslated
            if text is None:
                return done and (not in_transaction or self.upstream.run_hidden(f"RELEASE SAVEPOINT {calls.SAVEPOINT}"))
            if in_transaction:
                self.upstream.run_hidden(f"ROLLBACK TO SAVEPOINT {calls.SAVEPOINT}")
            try:
                self._session.prepare_dynamic(text)
            except Exception as failure:  # noqa: BLE001  whatever the error, the client gets it
                self.upstream.refresh()
                self.refuse(failure)
                return False
            self.upstream.refresh()
        self.refuse(calls.too_many_texts())
        return False

    def names_external(self, plan: Plan) -> bool:
        """Whether a statement names an external table, or may list them."""
        external = self._session.external
        if external is None or self.upstream.status == b"E":
            return False
        return external.names(plan.sources)

    def bring(self, plan: Plan) -> tuple[str, ...] | None:
        """Loads the external tables that a statement names, in the open transaction.

        Returns:
            The parts of the plan, which read the loaded rows; None after an error, which the client has got.
        """
        external = self._session.external
        try:
            rewrite = external.bring(plan.sources) if external else str
        except Exception as failure:  # noqa: BLE001  whatever the error, the client gets it
            self.upstream.refresh()
            self.refuse(failure)
            return None
        self.upstream.refresh()
        return tuple(map(rewrite, plan.parts))

    def begin(self) -> None:
        """Opens a transaction that the client has not asked for."""
        self.upstream.connection.execute("BEGIN")
        self.upstream.refresh()

    def end(self) -> bool:
        """Ends such a transaction. Returns whether it was committed."""
        was_failed = self.upstream.status == b"E"
        done = self.upstream.run_hidden("ROLLBACK" if was_failed else "COMMIT")
        return done and not was_failed

    def check_server(self) -> None:
        """Raises ServerEnded if psycopg has lost the connection."""
        if self.upstream.connection.closed:
            raise ServerEnded

    def _with_external(self, plan: Plan) -> bool:
        is_implicit = self.upstream.status == b"I"
        if is_implicit:
            self.begin()
        parts = self.bring(plan)
        done = parts is not None and self.upstream.exchange(query(";\n".join(parts)), (*_expected(plan), HIDDEN_READY))
        if is_implicit:
            done = self.end() and done
        return done

    def _transfer(self, plan: Plan) -> bool:
        is_implicit = self.upstream.status == b"I"
        try:
            if is_implicit:
                self.begin()
            outcome = self._session.run(plan.text)
            if is_implicit:
                self._session.commit()
        except Exception as failure:  # noqa: BLE001  whatever the error, the client gets it
            self.check_server()
            self.upstream.refresh()
            if is_implicit:
                self._session.connection.execute("ROLLBACK")
                self.upstream.refresh()
            self.refuse(failure)
            return False
        self.upstream.refresh()
        notices = b"".join(map(notice, outcome.notices))
        self.client.send(notices + complete(plan.tag or b""))
        return True

    def late_views(self, names: Iterable[Name]) -> dict[Name, LateView]:
        """See Knowledge."""
        self._settle()
        if self.upstream.status == b"E":
            return {}
        try:
            return self._session.late_views(names)
        finally:
            self.upstream.refresh()

    def columns(self, relations: Iterable[Name]) -> dict[Name, Columns | None]:
        """See Knowledge."""
        relations = list(relations)
        self._settle()
        if self.upstream.status == b"E":
            return dict.fromkeys(relations)
        names = [
            f"{quote_name(schema)}.{quote_name(name)}" if schema else quote_name(name) for schema, name in relations
        ]
        columns: dict[int, Columns] = {}
        try:
            for number, name, kind in self.upstream.connection.execute(_COLUMNS, (names,)):
                columns.setdefault(number, Columns())[name] = kind
            return {
                relation: columns.get(number) or self._session.external_columns(*relation)
                for number, relation in enumerate(relations, 1)
            }
        finally:
            self.upstream.refresh()

    def procedures(self, schema: str | None, name: str) -> list[Modes]:
        """See Knowledge."""
        self._settle()
        if self.upstream.status == b"E":
            return []
        try:
            return self._session.procedures(schema, name)
        finally:
            self.upstream.refresh()

    def schema_of_function(self, name: str) -> str | None:
        """See Knowledge."""
        self._settle()
        if self.upstream.status == b"E":
            return None
        try:
            return self._session.schema_of_function(name)
        finally:
            self.upstream.refresh()


def _expected(plan: Plan) -> tuple[Reply, ...]:
    if plan.kind == "hidden":
        return (*[HIDDEN] * (len(plan.parts) - 1), Reply(b"CI", rows=False, tag=plan.tag))
    return (COMMAND if plan.tag is None else Reply(b"CI", tag=plan.tag),)
