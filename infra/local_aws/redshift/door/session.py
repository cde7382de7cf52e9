"""One client's session: reads its messages, and handles the simple protocol."""

from __future__ import annotations

import secrets
import select

from ..database.warehouse import Warehouse
from ..errors import StatementError
from ..execution import Session
from ..transfer.objects import object_store
from ..translator.lexer import tokenize
from .client import Client, Gone
from .extended import Extended
from .messages import EMPTY, error, ready
from .plan_cache import PlanCache
from .planning import Plan, split
from .services import Services
from .upstream import Upstream
from .work import Work

_EXTENDED = b"PBDECHS"
_COPY = b"dcf"


_PLANS = PlanCache()


def serve(client: Client, upstream: Upstream, warehouse: Warehouse, services: Services) -> None:
    """Handles a client's messages until it ends. Raises like `ClientSession.run`."""
    session = Session(
        warehouse,
        object_store(services.object_path),
        secrets.randbits(31),
        role_access=services.role_access,
        catalog=services.catalog,
        connection=upstream.connection,
    )
    ClientSession(client, upstream, Work(client, upstream, session, _PLANS)).run()


class ClientSession:
    """The messages of one client.

    Args:
        client: Its socket.
        upstream: PostgreSQL's session for it.
        work: Runs its statements.
    """

    def __init__(self, client: Client, upstream: Upstream, work: Work) -> None:
        self._client = client
        self._upstream = upstream
        self._work = work
        self._extended = Extended(work)
        self._poll = select.poll()
        client.watch(self._poll, reads=True)
        self._poll.register(upstream.descriptor, select.POLLIN)

    def run(self) -> None:
        """Handles messages until the client ends.

        Raises:
            Gone: The client has ended.
            ServerEnded: PostgreSQL has ended.
        """
        while True:
            message = self._client.message()
            if message is None:
                self._wait()
            else:
                self._handle(*message)

    def _wait(self) -> None:
        """Waits for bytes of the client. Relays what PostgreSQL sends by itself."""
        if not self._client.has_bytes:
            descriptors = {descriptor for descriptor, _ in self._poll.poll()}
            if self._upstream.descriptor in descriptors:
                self._upstream.receive_idle()
            if descriptors - {self._upstream.descriptor, self._client.descriptor}:  # the door closes
                raise Gone
            if self._client.descriptor not in descriptors:
                return
        self._client.receive()

    def _handle(self, kind: bytes, body: bytes) -> None:
        if kind == b"Q":
            self._query(body)
        elif kind in _EXTENDED:
            self._extended.handle(kind, body)
        elif kind == b"F":
            self._client.send(error("function calls are not supported", "0A000") + ready(self._upstream.status))
        elif kind not in _COPY:  # X: the client ends
            raise Gone

    def _query(self, body: bytes) -> None:
        self._extended.settle()
        try:
            texts = split(body[:-1].decode())
        except (StatementError, UnicodeDecodeError) as failure:
            self._work.refuse(failure)
            texts = []
        else:
            if not texts:
                self._client.send(EMPTY)
        if len(texts) == 1:
            plan = self._work.plan(texts[0])
            if plan is not None and not self._work.refuse_failed(plan):
                self._forget_deallocated(plan)
                self._work.run(plan, is_last=True)
                return
        else:
            self._run_all(texts)
        self._client.send(ready(self._upstream.status))

    def _run_all(self, texts: list[str]) -> None:
        """Runs several statements of one message: they are one transaction, as far as they don't end it themselves."""
        is_implicit = False
        for text in texts:
            plan = self._work.plan(text)
            if plan is None or self._work.refuse_failed(plan):
                break
            if plan.kind == "control":
                is_implicit = False
            elif self._upstream.status == b"I":
                self._work.begin()
                is_implicit = True
            self._forget_deallocated(plan)
            if not self._work.run(plan):
                break
        if is_implicit and self._upstream.status != b"I":
            self._work.end()

    def _forget_deallocated(self, plan: Plan) -> None:
        if plan.text[:10].upper() == "DEALLOCATE":
            names = [token.text.strip('"') for token in tokenize(plan.text)[1:]]
            name = names[-1] if names else ""
            self._extended.forget(None if name.upper() == "ALL" else name.encode())
