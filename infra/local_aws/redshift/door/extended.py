"""The extended protocol: prepared statements, portals and pipelines.

Messages are collected until the client asks for replies (Sync or Flush), then sent at once. A statement that is not one
statement of PostgreSQL's is prepared as an empty block, and done when the client executes it.
"""

from __future__ import annotations

from ..errors import RefusedByRedshift, StatementError
from .client import Gone
from .messages import FLUSH, NO_TYPES, SYNC, message, parse, ready, split_strings
from .planning import Plan, split
from .upstream import HIDDEN_READY, READY, Reply
from .work import Work

_MOST_COLLECTED = 64 * 1024
_PARSED, _BOUND, _CLOSED, _DESCRIBED = Reply(b"1"), Reply(b"2"), Reply(b"3"), Reply(b"Tn")
_EXECUTED = Reply(b"CIs")
_BLOCK = "DO ''"
"""Does nothing, and has no rows."""
_UNNAMED = b"redshift_unnamed"
"""PostgreSQL's name for the client's unnamed statement: our own queries in between would end an unnamed one."""
_OWN_WORK = ("hidden", "copy", "unload")


class Extended:
    """The prepared statements of one session."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._upstream = work.upstream
        self._collected = bytearray()
        self._expected: list[Reply] = []
        self._statements: dict[bytes, Plan] = {}
        self._portals: dict[bytes, Plan] = {}
        self._calls: dict[bytes, bytes] = {}
        """Messages that make each portal of a CALL again, because a call may have to begin again."""
        self._call_parses: dict[bytes, bytes] = {}
        """Parse messages of the statements that are a CALL."""
        self._is_skipping = False
        self._is_implicit = False
        """Whether a transaction was opened for external tables."""
        work.settle_with(self.settle)

    def handle(self, kind: bytes, body: bytes) -> None:
        """Handles one message. Raises Gone if it is malformed."""
        if kind == b"S":
            self._sync()
        elif self._is_skipping:
            return
        else:
            try:
                self._HANDLERS[kind](self, body)
            except (ValueError, IndexError) as error:
                raise Gone from error
            if len(self._collected) > _MOST_COLLECTED:
                self._flush(b"")

    def forget(self, name: bytes | None) -> None:
        """Forgets a prepared statement that DEALLOCATE has dropped; None: all."""
        if name is None:
            self._statements.clear()
        else:
            self._statements.pop(name, None)

    def settle(self) -> None:
        """Makes PostgreSQL idle: sends what was collected, with a Sync that the client does not see."""
        if not self._expected:
            return
        request, expected = self._take()
        if not self._upstream.exchange(request + SYNC, (*expected, HIDDEN_READY)):
            self._is_skipping = True

    def _take(self) -> tuple[bytes, list[Reply]]:
        request = bytes(self._collected)
        expected = self._expected
        self._collected = bytearray()
        self._expected = []
        return request, expected

    def _add(self, content: bytes, reply: Reply) -> None:
        self._collected += content
        self._expected.append(reply)

    def _sync(self) -> None:
        request, expected = self._take()
        self._is_skipping = False
        if self._is_implicit:
            self._is_implicit = False
            self._upstream.exchange(request + SYNC, (*expected, HIDDEN_READY))
            self._work.end()
            self._work.client.send(ready(self._upstream.status))
        else:
            self._upstream.exchange(request + SYNC, (*expected, READY))
        if self._upstream.status == b"I":
            self._portals.clear()
            self._calls.clear()

    def _flush(self, _: bytes) -> None:
        request, expected = self._take()
        if not self._upstream.exchange(request + FLUSH, expected):
            self._is_skipping = True

    def _parse(self, body: bytes) -> None:
        given_name, sql, types = split_strings(body, 2)
        name = given_name or _UNNAMED
        self._statements.pop(name, None)
        try:
            text = sql.decode()
            texts = split(text)
            if len(texts) > 1:
                raise RefusedByRedshift("cannot insert multiple commands into a prepared statement")
        except (StatementError, UnicodeDecodeError) as error:
            self._refuse(error)
            return
        if not texts:
            self._add_parse(name, "", types)
            return
        plan = self._work.plan(texts[0])
        if plan is None:
            self._is_skipping = True
        elif not self._is_skipping:
            self._prepare(name, plan, types)

    def _prepare(self, name: bytes, plan: Plan, types: bytes) -> None:
        self._statements[name] = plan
        if plan.kind in _OWN_WORK:
            self._add_parse(name, _BLOCK, NO_TYPES)
            return
        sql = plan.parts[0]
        if self._names_external(plan):
            parts = self._bring(plan)
            if parts is None:
                return
            sql = parts[0]
        if plan.kind == "call":
            self._call_parses[name] = message(b"C", b"S" + name + b"\0") + parse(name, sql, types)
        self._add_parse(name, sql, types)

    def _add_parse(self, name: bytes, sql: str, types: bytes) -> None:
        if name == _UNNAMED:
            self._add(message(b"C", b"S" + _UNNAMED + b"\0"), Reply(b"3", shown=False))
        self._add(parse(name, sql, types), _PARSED)

    def _bind(self, body: bytes) -> None:
        portal, given_name, rest = split_strings(body, 2)
        name = given_name or _UNNAMED
        bind = message(b"B", b"\0".join((portal, name, rest)))
        plan = self._statements.get(name)
        if plan is None:
            self._portals.pop(portal, None)
        else:
            self._portals[portal] = plan
            if plan.kind == "call":
                close = message(b"C", b"P" + portal + b"\0")
                self._calls[portal] = close + self._call_parses[name] + bind
            is_new_transaction = plan.kind == "relay" and not self._is_implicit and self._upstream.status == b"I"
            if is_new_transaction and self._names_external(plan) and self._bring(plan) is None:
                return
        self._add(bind, _BOUND)

    def _describe(self, body: bytes) -> None:
        self._add(message(b"D", _named(body)), _DESCRIBED)

    def _execute(self, body: bytes) -> None:
        (portal, _) = split_strings(body, 1)
        plan = self._portals.get(portal)
        if plan is not None and plan.kind == "call":
            self._call(portal, body)
            return
        if plan is None or plan.kind not in _OWN_WORK:
            reply = _EXECUTED if plan is None or plan.tag is None else Reply(_EXECUTED.ends, tag=plan.tag)
            self._add(message(b"E", body), reply)
            return
        self.settle()
        if not self._is_skipping and not self._work.run(plan):
            self._is_skipping = True

    def _call(self, portal: bytes, body: bytes) -> None:
        """Binds and executes a CALL apart from what was collected, as often as it has to begin again."""
        self.settle()
        if self._is_skipping:
            return
        request = self._calls[portal] + message(b"E", body) + SYNC
        hidden = (Reply(kind, shown=False) for kind in (b"3", b"3", b"1", b"2"))
        if not self._work.call(request, (*hidden, _EXECUTED, HIDDEN_READY)):
            self._is_skipping = True

    def _close(self, body: bytes) -> None:
        named = _named(body)
        plans = self._statements if named[:1] == b"S" else self._portals
        plans.pop(named[1:-1], None)
        self._add(message(b"C", named), _CLOSED)

    def _names_external(self, plan: Plan) -> bool:
        if not plan.reads or "." not in plan.sources:
            return False
        self.settle()
        return not self._is_skipping and self._work.names_external(plan)

    def _bring(self, plan: Plan) -> tuple[str, ...] | None:
        if self._upstream.status == b"I":
            self._work.begin()
            self._is_implicit = True
        parts = self._work.bring(plan)
        self._is_skipping = parts is None
        return parts

    def _refuse(self, error: Exception) -> None:
        self._work.refuse(error)
        self._is_skipping = True

    _HANDLERS = {
        b"P": _parse, b"B": _bind, b"D": _describe, b"E": _execute, b"C": _close, b"H": _flush,
    }  # fmt: skip


def _named(body: bytes) -> bytes:
    """Describe and Close with PostgreSQL's name for the unnamed statement."""
    return b"S" + _UNNAMED + b"\0" if body == b"S\0" else body
