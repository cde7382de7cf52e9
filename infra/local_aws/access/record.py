"""Decides requests, and records the decisions: each role's action on each resource, once."""

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
from .calls import KEYS_OF_STS
from .context import Context
from .evaluation import Decision, Policies, decide
from .identities import Identity
from .policies import Request
from .requests import AccessRequest

_MOST_UNWRITTEN = 10_000
"""Lines of the record to keep in memory while the disk is full; older ones are lost."""
_LATEST_TLS = {"aws:SecureTransport": "true"}
"""A service that acts for a role doesn't use the network here; in AWS it uses TLS."""


class AccessDenied(PermissionError):
    """The caller lacks a permission. The message is IAM's."""

    def __init__(self, user: str, action: str, resource: str, reason: str) -> None:
        super().__init__(f"User: {user} is not authorized to perform: {action} on resource: {resource} {reason}")


class Guard:
    """Checks roles and users against their policies, and every caller against bucket policies and the trust of roles.

    Args:
        record: file with the decisions about roles, one JSON object per line: `at` (UTC), `role`, `action`,
            `resource`, `allowed`, and `statement`, the id of the statement that allows it.
        later: retries lines that could not be written: a full disk must not change what a caller may do.
    """

    def __init__(self, record: Path, later: Later) -> None:
        self._record = record
        self._later = later
        self._unwritten: deque[str] = deque(maxlen=_MOST_UNWRITTEN)
        self._lock = threading.Lock()
        self._recorded: set[tuple[str, str, str, bool]] = set()

    def require(self, caller: Caller | User | None, requests: Iterable[AccessRequest], keys: Mapping[str, str]) -> None:
        """Checks that a caller may do all that it requests.

        Args:
            caller: a session, a user, or None for the administrator.
            requests: the access requests.
            keys: condition keys that all of them share.

        Raises:
            AccessDenied: no policy allows one of them, a policy denies it, or the role does not exist (any more).
        """
        if isinstance(caller, Caller):
            identity = identities.of_session(caller)
        else:
            identity = identities.administrator() if caller is None else identities.of_user(caller)
        self._require(identity, requests, keys, caller.role if isinstance(caller, Caller) else None)

    def require_anonymous(self, requests: Iterable[AccessRequest], keys: Mapping[str, str]) -> None:
        """The same for an unsigned call. Only bucket policies apply to it."""
        self._require(identities.anonymous(), requests, keys, None)

    def require_role(
        self, arn: str, session: str, *requests: AccessRequest, services: tuple[str, ...] = (), source_arn: str = ""
    ) -> None:
        """The same for a service that acts for a role. A role that IAM does not know is not checked.

        Args:
            arn: the role's ARN.
            session: the session's name.
            requests: the access requests.
            services: names of the service, such as `glue.amazonaws.com`; the role must trust one of them.
            source_arn: the resource that the service works for, such as a job.
        """
        if (role := role_of(arn)) is None:
            return
        if services and not any(_trusts(role, service, source_arn) for service in services):
            raise AccessDenied(services[0], "sts:AssumeRole", role.arn, "because its trust policy does not allow it")
        self._require(
            identities.of_session(Caller(role.name, session, f"{role.id}:{session}")), requests, _LATEST_TLS, role.name
        )

    def require_trust(self, identity: Identity, arn: str, keys: Mapping[str, str]) -> None:
        """Checks that a caller may assume a role.

        Args:
            identity: the caller.
            arn: the role's ARN; the role may not exist.
            keys: condition keys of the call.

        Raises:
            AccessDenied: the role's trust policy or the caller's policies don't allow it, or there is no such role.
        """
        role = role_of(arn)
        trust = role.assume_role_policy_document if role is not None and role.arn == arn else None
        if not (decision := _assumption(identity, arn, trust, keys)).allowed:
            raise AccessDenied(identity.principal.arn, "sts:AssumeRole", arn, decision.reason)

    def _require(
        self, identity: Identity, requests: Iterable[AccessRequest], keys: Mapping[str, str], role: str | None
    ) -> None:
        for request in requests:
            decision = _decision(identity, request, keys, identities.bucket_policy(request.resource))
            if role is not None:
                self._write(role, request, decision)
            if not decision.allowed:
                raise AccessDenied(
                    identity.principal.arn or "anonymous", request.action, request.resource, decision.reason
                )

    def _write(self, role: str, request: AccessRequest, decision: Decision) -> None:
        key = (role, request.action, request.resource, decision.allowed)
        with self._lock:
            if key in self._recorded:
                return
            self._recorded.add(key)
            line = {
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "role": role,
                "action": request.action,
                "resource": request.resource,
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
    request = AccessRequest("sts:AssumeRole", arn, keys, absent_keys=KEYS_OF_STS)
    return _decision(identity, request, {}, trust, must_be_trusted=True)


def _decision(
    identity: Identity,
    request: AccessRequest,
    keys: Mapping[str, str],
    resource_policy: str | None,
    *,
    must_be_trusted: bool = False,
) -> Decision:
    time = datetime.now(UTC)
    values = {
        "aws:CurrentTime": time.isoformat(),
        "aws:EpochTime": str(int(time.timestamp())),
        "aws:RequestedRegion": "us-east-1",
        "aws:ResourceAccount": account.ID,
        "aws:ViaAWSService": "false",
        **identity.keys,
        **keys,
        **request.context,
    }
    context = Context(request.action.partition(":")[0], values, request.absent_keys)
    policies = Policies(identity.policies, identity.boundary, identity.session, resource_policy, must_be_trusted)
    return decide(
        identity.principal, Request(request.action, request.resource, context, request.is_resource_known), policies
    )
