"""From the credentials of a request to the role behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from moto.core.utils import utcnow
from moto.iam.exceptions import NotFoundException
from moto.iam.models import Role, iam_backends
from moto.sts.models import sts_backends

from infra.local_aws import account

_PARTITION, _PARTITION_REGION = "aws", "us-east-1"
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_TEMPORARY = "ASIA"
"""What AWS begins the access keys of sessions with."""


class UnknownSession(LookupError):
    """The credentials are of a session that this server did not give out, or has forgotten."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A session of a role.

    Attributes:
        role: the role's name.
        session: the session's name.
        user_id: `<role id>:<session>`, which IAM calls `aws:userid`.
    """

    role: str
    session: str
    user_id: str


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


def behind(access_key: str) -> Caller | None:
    """The session that an access key belongs to; None for the administrator.

    Raises:
        UnknownSession: it is a session's key, but no known one's.
    """
    if not access_key.startswith(_TEMPORARY):
        return None
    session = sts_backends[account.ID][_PARTITION].get_assumed_role_from_access_key(access_key)
    if session is None or session.expiration < utcnow():
        raise UnknownSession(access_key)
    return Caller(session.role_arn.rpartition("/")[2], session.session_name, session.user_id)


def forget_expired() -> None:
    """Forget sessions that are over, with their keys: each task of a pipeline opens one."""
    sessions = sts_backends[account.ID][_PARTITION].assumed_roles
    sessions[:] = [session for session in sessions if session.expiration >= utcnow()]
    open_keys = {session.access_key_id for session in sessions}
    keys = iam_backends[account.ID][_PARTITION].access_keys
    for key in [key for key in keys if key.startswith(_TEMPORARY) and key not in open_keys]:
        del keys[key]


def role_of(arn: str) -> Role | None:
    """The role of an ARN (or a bare name), if there is one."""
    try:
        return iam_backends[account.ID][_PARTITION].get_role(arn.rpartition("/")[2])
    except NotFoundException:
        return None


def assume(arn: str, session: str, seconds: int = 43_200) -> dict[str, str]:
    """Credentials, as environment variables, for what a service runs as a role.

    Args:
        arn: the role's.
        session: the session's name.
        seconds: how long they last; 12 hours unless told otherwise.
    """
    backend = sts_backends[account.ID][_PARTITION]
    made = backend.assume_role(
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
