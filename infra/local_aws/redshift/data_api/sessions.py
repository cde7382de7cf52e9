"""Sessions of the Data API that outlive a statement: `SessionKeepAliveSeconds` opens one, `SessionId` uses it again.

A session keeps its connection, and with it temporary tables, the search path and an open transaction. It runs one
statement at a time, belongs to the caller that opened it, and ends when it has been idle for its seconds, or a day
after it was opened. Each costs a connection of the warehouse, so fewer can be open than AWS's 500.
Source: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-session-reuse.html
"""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from ..execution import Session

MOST_SESSIONS = 20
LONGEST_SECONDS = 24 * 3600
Status = Literal["AVAILABLE", "BUSY", "CLOSED"]


class TooManySessions(RuntimeError):
    """The maximum number of sessions are open."""


class NoSuchSession(LookupError):
    """There is no session of this id, or it has ended, or it is another caller's."""


class BusySession(RuntimeError):
    """The session runs a statement."""


@dataclass(slots=True, eq=False)
class KeptSession:
    """A session between statements. Times are in epoch seconds.

    Attributes:
        owner: `aws:userid` of the role's session that opened it, or None.
        user: The database user; empty for the administrator.
        fields: Parameters of the request that opened it (cluster, workgroup, user, secret).
        seconds: How long it may be idle.
        session: Its connection; None before the first statement has opened it, and after the end.
        statement: Id of the statement that runs in it; None: none does.
    """

    owner: str | None
    user: str
    database: str
    fields: dict[str, Any]
    seconds: int
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    session: Session | None = None
    statement: str | None = None
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    is_closed: bool = False
    timer: threading.Timer | None = None

    @property
    def status(self) -> Status:
        """Its status in ListSessions."""
        if self.is_closed:
            return "CLOSED"
        return "BUSY" if self.statement else "AVAILABLE"

    @property
    def ends_at(self) -> float:
        """When it ends unless it is used again."""
        return min(self.updated_at + self.seconds, self.created_at + LONGEST_SECONDS)


class SessionStore:
    """Opens, finds and ends sessions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[str, KeptSession] = {}

    def open(self, owner: str | None, user: str, database: str, fields: dict[str, Any], seconds: int) -> KeptSession:
        """Registers a session, whose first statement connects it.

        Raises:
            TooManySessions: too many are open.
        """
        kept = KeptSession(owner, user, database, fields, seconds)
        with self._lock:
            self._forget_old()
            if sum(not session.is_closed for session in self._sessions.values()) >= MOST_SESSIONS:
                raise TooManySessions(f"{MOST_SESSIONS} sessions are open")
            self._sessions[kept.id] = kept
        return kept

    def find(self, identifier: str, owner: str | None) -> KeptSession:
        """An open session of this caller.

        Raises:
            NoSuchSession: see there.
        """
        with self._lock:
            kept = self._sessions.get(identifier)
        if kept is None or kept.is_closed or kept.owner != owner:
            raise NoSuchSession(identifier)
        return kept

    def all(self, owner: str | None) -> list[KeptSession]:
        """The caller's sessions of the last day, newest first."""
        with self._lock:
            self._forget_old()
            return [kept for kept in reversed(self._sessions.values()) if kept.owner == owner]

    def take(self, kept: KeptSession, statement: str, seconds: int | None) -> None:
        """Reserves a session for a statement.

        Args:
            kept: The session.
            statement: Id of the statement.
            seconds: How long it may be idle from now on; None: as long as before.

        Raises:
            NoSuchSession: it has ended.
            BusySession: another statement runs in it.
        """
        with self._lock:
            if kept.is_closed:
                raise NoSuchSession(kept.id)
            if kept.statement is not None:
                raise BusySession(kept.id)
            kept.statement = statement
            kept.seconds = kept.seconds if seconds is None else seconds
            if kept.timer is not None:
                kept.timer.cancel()

    def give_back(self, kept: KeptSession, session: Session | None) -> None:
        """Ends a statement's use of a session. One that has no connection, or a broken one, ends."""
        with self._lock:
            kept.session = session
            kept.statement = None
            kept.updated_at = time.time()
            is_usable = session is not None and not session.connection.closed
            idle_seconds = kept.ends_at - time.time()
            if is_usable and idle_seconds > 0:
                kept.timer = threading.Timer(idle_seconds, self._expire, (kept,))
                kept.timer.daemon = True
                kept.timer.start()
                return
        self._end(kept)

    def _expire(self, kept: KeptSession) -> None:
        with self._lock:
            if kept.statement is not None:  # a statement was faster
                return
        self._end(kept)

    def _end(self, kept: KeptSession) -> None:
        with self._lock:
            kept.is_closed = True
            session = kept.session
            kept.session = None
        if session is not None:
            session.close()

    def _forget_old(self) -> None:
        for identifier, kept in list(self._sessions.items()):
            if kept.is_closed and time.time() - kept.created_at > LONGEST_SECONDS:
                del self._sessions[identifier]
