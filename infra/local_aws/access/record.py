"""Decides, and writes down what was decided: each role's action on each resource, once."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from infra.local_aws import account
from infra.local_aws.access.callers import Caller, role_of
from infra.local_aws.access.calls import Ask
from infra.local_aws.access.policies import allowing, statements


class AccessDenied(PermissionError):
    """A role may not do something; the message is IAM's."""

    def __init__(self, who: str, ask: Ask) -> None:
        super().__init__(
            f"User: {who} is not authorized to perform: {ask.action} on resource: {ask.resource} because no "
            "identity-based policy allows it"
        )


class Guard:
    """Holds roles to their policies.

    Args:
        record: file that each decision is added to, one JSON object a line: `at` (UTC), `role`, `action`, `resource`,
            `allowed`, and `statement`, the id of the one that allows it.
    """

    def __init__(self, record: Path) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._known: set[tuple[str, str, str, bool]] = set()

    def require(self, caller: Caller, *asks: Ask) -> None:
        """Let a session of a role do all of something.

        Raises:
            AccessDenied: no statement allows a part of it, one denies it, or there is no such role (any more).
        """
        context = {"aws:userid": caller.user_id, "aws:PrincipalAccount": account.ID}
        for ask in asks:
            self._require(caller, ask, {**context, **ask.context})

    def require_role(self, arn: str, session: str, *asks: Ask) -> None:
        """The same for what a service does in a role's name. A role that IAM does not know is not held to anything."""
        if (role := role_of(arn)) is not None:
            self.require(Caller(role.name, session, f"{role.id}:{session}"), *asks)

    def _require(self, caller: Caller, ask: Ask, context: Mapping[str, str]) -> None:
        role = role_of(caller.role)
        found = allowing(statements(role), ask.action, ask.resource, context) if role is not None else None
        self._write(caller, ask, found.get("Sid", "") if found is not None else None)
        if found is None:
            raise AccessDenied(f"arn:aws:sts::{account.ID}:assumed-role/{caller.role}/{caller.session}", ask)

    def _write(self, caller: Caller, ask: Ask, statement: str | None) -> None:
        key = (caller.role, ask.action, ask.resource, statement is not None)
        with self._lock:
            if key in self._known:
                return
            self._known.add(key)
            line = {
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "role": caller.role,
                "action": ask.action,
                "resource": ask.resource,
                "allowed": statement is not None,
                "statement": statement,
            }
            with self._record.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
