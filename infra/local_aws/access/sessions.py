"""`sts:AssumeRole` as AWS has it: only an existing role that trusts the caller, and limited by the session's policies.

moto opens a session of any role for anybody, and forgets the policies and tags that it is opened with.
Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.sts.responses import TokenResponse

from .. import account
from . import identities
from .callers import Caller, User, iam
from .calls import Call
from .policies import MalformedPolicy, parsed
from .record import AccessDenied, Guard

_LONGEST_POLICY = 2048


class InvalidSession(ValueError):
    """A session cannot be opened with what it was asked for.

    Attributes:
        code: of the error, as STS calls it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def require(guard: Guard, caller: Caller | User | None, call: Call) -> None:
    """Let a caller open a session.

    Raises:
        AccessDenied: there is no such role, it does not trust the caller, or the caller may not.
        InvalidSession: the session's policies are none.
    """
    form = call.form
    arn = form.get("RoleArn", "")
    identity = _identity(caller)
    if arn.split(":")[4:5] != [account.ID]:
        reason = f"because account {account.ID} is the only one here"
        raise AccessDenied(identity.principal.arn, "sts:AssumeRole", arn, reason)
    tags = _tags(form)
    keys = {
        "sts:RoleSessionName": form.get("RoleSessionName", ""),
        **{f"aws:RequestTag/{key}": value for key, value in tags.items()},
        **({"sts:ExternalId": form["ExternalId"]} if "ExternalId" in form else {}),
        **({"sts:SourceIdentity": form["SourceIdentity"]} if "SourceIdentity" in form else {}),
        **call.keys,
    }
    guard.require_trust(identity, arn, keys)
    _check(form)


def _identity(caller: Caller | User | None) -> identities.Identity:
    if isinstance(caller, Caller):
        return identities.of_session(caller)
    return identities.administrator() if caller is None else identities.of_user(caller)


def _check(form: Mapping[str, str]) -> None:
    policy = form.get("Policy")
    if policy is not None and len(policy) > _LONGEST_POLICY:
        message = (
            f"1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length "
            f"less than or equal to {_LONGEST_POLICY}"
        )
        raise InvalidSession("ValidationError", message)
    try:
        if policy is not None:
            parsed(policy)
    except MalformedPolicy as error:
        raise InvalidSession("MalformedPolicyDocument", str(error)) from error
    for arn in _policy_arns(form):
        if arn not in iam().managed_policies:
            raise InvalidSession("MalformedPolicyDocument", f"Policy {arn} does not exist or is not attachable")


def remembering(assume_role: Callable[[TokenResponse], Any]) -> Callable[[TokenResponse], Any]:
    """`TokenResponse.assume_role`, with what else the session is opened with."""

    def remember(self: TokenResponse) -> Any:
        answer = assume_role(self)
        session = answer.result["Credentials"]
        form = {name: values[0] for name, values in self.querystring.items()}
        session.policy_arns = _policy_arns(form)
        session.session_tags = _tags(form)
        session.issued = datetime.now(UTC).isoformat(timespec="seconds")
        return answer

    return remember


def _policy_arns(form: Mapping[str, str]) -> list[str]:
    return [value for name, value in sorted(form.items()) if name.startswith("PolicyArns.") and name.endswith(".arn")]


def _tags(form: Mapping[str, str]) -> dict[str, str]:
    names = {name.removesuffix(".Key"): value for name, value in form.items() if name.startswith("Tags.member.")}
    return {key: form.get(f"{name}.Value", "") for name, key in names.items() if f"{name}.Key" in form}
