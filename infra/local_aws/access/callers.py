"""From the credentials of a request to whoever has them: a session of a role, a user, or the administrator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from moto.core.utils import utcnow
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend, ManagedPolicy, Role, iam_backends
from moto.sts.models import AssumedRole, STSBackend, sts_backends

from infra.local_aws import account

_PARTITION, _PARTITION_REGION = "aws", "us-east-1"
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_TEMPORARY = "ASIA"
"""What AWS begins the access keys of sessions with."""


class UnknownSession(LookupError):
    """The credentials are of a session that this server did not give out, or has forgotten."""


class InactiveKey(LookupError):
    """The access key is a user's, who made it inactive."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A session of a role.

    Attributes:
        role: the role's name.
        session: the session's name.
        user_id: `<role id>:<session>`, which IAM calls `aws:userid`.
        limits: the policies that it was opened with, as JSON texts; None when it was opened without.
        tags: that it was opened with.
        issued: when it was opened, ISO 8601 in UTC; empty when that is not known.
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
    """What a signed request says of itself: access key, region and service, as in its credential scope."""

    access_key: str
    region: str
    service: str


def signature(authorization: str) -> Signature | None:
    """Read the header `Authorization` (or the query's `X-Amz-Credential`); None when the request is not signed."""
    found = _CREDENTIAL.search(authorization)
    return Signature(*found.groups()) if found else None


def behind(access_key: str) -> Caller | User | None:
    """Whoever an access key belongs to; None for the administrator, whose is any key that IAM does not know.

    Raises:
        UnknownSession: it is a session's key, but no known one's.
        InactiveKey: it is a user's, and inactive.
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
    """The session, with what `sessions.py` wrote down about it when it was opened."""
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
    """The documents of managed policies; of one that does not exist, none."""
    return [document(found) for arn in arns if (found := iam().managed_policies.get(arn)) is not None]


def document(policy: ManagedPolicy) -> str:
    """The version of a managed policy that counts, as a JSON text."""
    return next(str(version.document) for version in policy.versions if version.is_default)


def forget_expired() -> None:
    """Forget sessions that are over, with their keys: each task of a pipeline opens one."""
    sessions = _sts().assumed_roles
    sessions[:] = [session for session in sessions if session.expiration >= utcnow()]
    open_keys = {session.access_key_id for session in sessions}
    keys = iam().access_keys
    for key in [key for key in keys if key.startswith(_TEMPORARY) and key not in open_keys]:
        del keys[key]


def role_of(arn: str) -> Role | None:
    """The role of an ARN (or a bare name), if there is one."""
    try:
        return iam().get_role(arn.rpartition("/")[2])
    except NotFoundException:
        return None


def assume(arn: str, session: str, seconds: int = 43_200) -> dict[str, str]:
    """Credentials, as environment variables, for what a service runs as a role.

    Args:
        arn: the role's.
        session: the session's name.
        seconds: how long they last; 12 hours unless told otherwise.
    """
    made = _sts().assume_role(
        region_name=_PARTITION_REGION,
        role_session_name=session,
        role_arn=arn,
        policy="",
        duration=seconds,
        external_id="",
    )
    return {
        "AWS_ACCESS_KEY_ID": made.access_key_id,
        "AWS_SECRET_ACCESS_KEY": made.secret_access_key,
        "AWS_SESSION_TOKEN": made.session_token,
    }
