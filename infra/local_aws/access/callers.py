"""Finds the caller behind the credentials of a request: a session of a role, a user, or the administrator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from moto.core.utils import utcnow
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend, ManagedPolicy, Role, iam_backends
from moto.sts.models import AssumedRole, STSBackend, sts_backends

from .. import account

_PARTITION = "aws"
_PARTITION_REGION = "us-east-1"
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_TEMPORARY = "ASIA"
"""Prefix of the access keys of sessions in AWS."""


class UnknownSession(LookupError):
    """The credentials belong to a session that this server did not create, or that has expired."""


class InactiveKey(LookupError):
    """The access key belongs to a user and is inactive."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A session of a role.

    Attributes:
        role: the role's name.
        session: the session's name.
        user_id: `<role id>:<session>`, IAM's `aws:userid`.
        limits: the session policies, as JSON texts; None if the session has none.
        tags: the session tags.
        issued: when the session was created, ISO 8601 in UTC; empty if unknown.
    """

    role: str
    session: str
    user_id: str
    limits: tuple[str, ...] | None = None
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)
    issued: str = ""


@dataclass(frozen=True, slots=True)
class User:
    """A user, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Signature:
    """The credential scope of a signed request: access key, region and service."""

    access_key: str
    region: str
    service: str


def signature(authorization: str) -> Signature | None:
    """Reads the header `Authorization` (or the query's `X-Amz-Credential`); None if the request is not signed."""
    match = _CREDENTIAL.search(authorization)
    return Signature(*match.groups()) if match else None


def caller_of(access_key: str) -> Caller | User | None:
    """The owner of an access key. None is the administrator, who owns any key that IAM does not know.

    Raises:
        UnknownSession: it is a session's key, but the session is unknown.
        InactiveKey: it is a user's key, and inactive.
    """
    if not access_key.startswith(_TEMPORARY):
        key = iam().access_keys.get(access_key)
        user = iam().get_user_from_access_key_id(access_key) if key is not None else None
        if key is None or user is None:
            return None
        if key.status != "Active":
            raise InactiveKey(access_key)
        return User(user.name)
    session = _sts().get_assumed_role_from_access_key(access_key)
    if session is None or session.expiration < utcnow():
        raise UnknownSession(access_key)
    return _caller(session)


def _caller(session: AssumedRole) -> Caller:
    """The session, with the details that `sessions.py` stored when it was created."""
    arns = getattr(session, "policy_arns", None) or []
    limits = [*([session.policy] if session.policy else []), *managed(arns)]
    return Caller(
        session.role_arn.rpartition("/")[2],
        session.session_name,
        session.user_id,
        tuple(limits) if session.policy or arns else None,
        getattr(session, "session_tags", None) or {},
        getattr(session, "issued", ""),
    )


def iam() -> IAMBackend:
    """The IAM of the account."""
    return iam_backends[account.ID][_PARTITION]


def _sts() -> STSBackend:
    return sts_backends[account.ID][_PARTITION]


def managed(arns: list[str]) -> list[str]:
    """The documents of managed policies. Skips policies that don't exist."""
    return [document(policy) for arn in arns if (policy := iam().managed_policies.get(arn)) is not None]


def document(policy: ManagedPolicy) -> str:
    """The default version of a managed policy, as a JSON text."""
    return next(str(version.document) for version in policy.versions if version.is_default)


def forget_expired() -> None:
    """Drops expired sessions and their keys: each task of a pipeline creates one."""
    sessions = _sts().assumed_roles
    sessions[:] = [session for session in sessions if session.expiration >= utcnow()]
    open_keys = {session.access_key_id for session in sessions}
    keys = iam().access_keys
    for key in [key for key in keys if key.startswith(_TEMPORARY) and key not in open_keys]:
        del keys[key]


def role_of(arn: str) -> Role | None:
    """The role with an ARN (or a bare name), or None."""
    try:
        return iam().get_role(arn.rpartition("/")[2])
    except NotFoundException:
        return None


def assume(arn: str, session: str, seconds: int = 43_200) -> dict[str, str]:
    """Credentials for a program that a service runs as a role, as environment variables.

    Args:
        arn: the role's ARN.
        session: the session's name.
        seconds: how long they are valid; by default 12 hours.
    """
    assumed_role = _sts().assume_role(
        region_name=_PARTITION_REGION,
        role_session_name=session,
        role_arn=arn,
        policy="",
        duration=seconds,
        external_id="",
    )
    return {
        "AWS_ACCESS_KEY_ID": assumed_role.access_key_id,
        "AWS_SECRET_ACCESS_KEY": assumed_role.secret_access_key,
        "AWS_SESSION_TOKEN": assumed_role.session_token,
    }
