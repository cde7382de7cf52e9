"""Decides, and writes down what was decided: each role's action on each resource, once."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from moto.iam.models import Role

from .. import account
from ..room import Later, append_whole
from . import identities
from .callers import Caller, User, role_of
from .calls import KEYS_OF_STS, Ask
from .context import Context
from .evaluation import Decision, Policies, decide
from .identities import Identity
from .policies import Request

_MOST_UNWRITTEN = 10_000
"""Lines of the record that memory keeps while the disk is full; older ones are lost."""
_LATEST_TLS = {"aws:SecureTransport": "true"}
"""What a service does in a role's name does not come over the network here; in AWS it goes over TLS."""


class AccessDenied(PermissionError):
    """Somebody may not do something; the message is IAM's."""

    def __init__(self, who: str, action: str, resource: str, reason: str) -> None:
        super().__init__(f"User: {who} is not authorized to perform: {action} on resource: {resource} {reason}")


class Guard:
    """Holds roles and users to their policies, and everybody to those of buckets and to the trust of roles.

    Args:
        record: file that each decision about a role is added to, one JSON object a line: `at` (UTC), `role`, `action`,
            `resource`, `allowed`, and `statement`, the id of the one that allows it.
        later: writes lines that could not be written: a full disk does not change what somebody may do.
    """

    def __init__(self, record: Path, later: Later) -> None:
        self._record, self._later = record, later
        self._unwritten: deque[str] = deque(maxlen=_MOST_UNWRITTEN)
        self._lock = threading.Lock()
        self._known: set[tuple[str, str, str, bool]] = set()

    def require(self, caller: Caller | User | None, asks: Iterable[Ask], keys: Mapping[str, str]) -> None:
        """Let a caller do all of something.

        Args:
            caller: a session, a user, or None for the administrator.
            asks: what is asked for.
            keys: keys of conditions that the request has, whatever is asked for.

        Raises:
            AccessDenied: no policy allows a part of it, one denies it, or there is no such role (any more).
        """
        if isinstance(caller, Caller):
            identity = identities.of_session(caller)
        else:
            identity = identities.administrator() if caller is None else identities.of_user(caller)
        self._require(identity, asks, keys, caller.role if isinstance(caller, Caller) else None)

    def require_anonymous(self, asks: Iterable[Ask], keys: Mapping[str, str]) -> None:
        """The same for a request that nobody signed: it is held to the policies of buckets alone."""
        self._require(identities.anonymous(), asks, keys, None)

    def require_role(
        self, arn: str, session: str, *asks: Ask, services: tuple[str, ...] = (), source_arn: str = ""
    ) -> None:
        """The same for what a service does in a role's name. A role that IAM does not know is not held to anything.

        Args:
            arn: the role's.
            session: the session's name.
            asks: what is asked for.
            services: names of the service, such as `glue.amazonaws.com`, one of which the role must trust.
            source_arn: what the service works for, such as a job.
        """
        if (role := role_of(arn)) is None:
            return
        if services and not any(_trusts(role, service, source_arn) for service in services):
            raise AccessDenied(services[0], "sts:AssumeRole", role.arn, "because its trust policy does not allow it")
        self._require(
            identities.of_session(Caller(role.name, session, f"{role.id}:{session}")), asks, _LATEST_TLS, role.name
        )

    def require_trust(self, identity: Identity, arn: str, keys: Mapping[str, str]) -> None:
        """Let somebody take a role on.

        Args:
            identity: whoever wants to.
            arn: the role's; there may be no such role.
            keys: keys of conditions that the request has.

        Raises:
            AccessDenied: the role's trust or the caller's own policies do not allow it, or there is no such role.
        """
        role = role_of(arn)
        trust = role.assume_role_policy_document if role is not None and role.arn == arn else None
        if not (decision := _assumption(identity, arn, trust, keys)).allowed:
            raise AccessDenied(identity.principal.arn, "sts:AssumeRole", arn, decision.reason)

    def _require(self, identity: Identity, asks: Iterable[Ask], keys: Mapping[str, str], role: str | None) -> None:
        for ask in asks:
            decision = _decision(identity, ask, keys, identities.bucket_policy(ask.resource))
            if role is not None:
                self._write(role, ask, decision)
            if not decision.allowed:
                raise AccessDenied(identity.principal.arn or "anonymous", ask.action, ask.resource, decision.reason)

    def _write(self, role: str, ask: Ask, decision: Decision) -> None:
        key = (role, ask.action, ask.resource, decision.allowed)
        with self._lock:
            if key in self._known:
                return
            self._known.add(key)
            line = {
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "role": role,
                "action": ask.action,
                "resource": ask.resource,
                "allowed": decision.allowed,
                "statement": decision.statement if decision.allowed else None,
            }
            self._unwritten.append(json.dumps(line) + "\n")
        self._later.write("the record of access", self._write_lines)

    def _write_lines(self) -> None:
        with self._lock:
            if self._unwritten:
                with self._record.open("ab", buffering=0) as file:
                    append_whole(file, "".join(self._unwritten).encode())
                self._unwritten.clear()


def _trusts(role: Role, service: str, source_arn: str) -> bool:
    identity = identities.of_service(service, source_arn)
    return _assumption(identity, role.arn, role.assume_role_policy_document, {}).allowed


def _assumption(identity: Identity, arn: str, trust: str | None, keys: Mapping[str, str]) -> Decision:
    ask = Ask("sts:AssumeRole", arn, keys, known=KEYS_OF_STS)
    return _decision(identity, ask, {}, trust, must_be_trusted=True)


def _decision(
    identity: Identity, ask: Ask, keys: Mapping[str, str], resource_policy: str | None, *, must_be_trusted: bool = False
) -> Decision:
    now = datetime.now(UTC)
    values = {
        "aws:CurrentTime": now.isoformat(),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:RequestedRegion": "us-east-1",
        "aws:ResourceAccount": account.ID,
        "aws:ViaAWSService": "false",
        **identity.keys,
        **keys,
        **ask.context,
    }
    context = Context(ask.action.partition(":")[0], values, ask.known)
    policies = Policies(identity.policies, identity.boundary, identity.session, resource_policy, must_be_trusted)
    return decide(identity.principal, Request(ask.action, ask.resource, context, ask.is_resource_known), policies)
