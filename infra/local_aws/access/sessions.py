"""`sts:AssumeRole` as in AWS: the role must exist and trust the caller, and the session's policies limit it.

moto opens a session of any role for any caller, and drops the session's policies and tags.
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
    """The parameters of a session are invalid.

    Attributes:
        code: STS's error code.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def require(guard: Guard, caller: Caller | User | None, call: Call) -> None:
    """Checks that a caller may open a session.

    Raises:
        AccessDenied: the role does not exist or does not trust the caller, or the caller may not assume it.
        InvalidSession: a session policy is not valid.
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
    """`TokenResponse.assume_role` that also stores the session's policies and tags."""

    def remember(self: TokenResponse) -> Any:
        response = assume_role(self)
        session = response.result["Credentials"]
        form = {name: values[0] for name, values in self.querystring.items()}
        session.policy_arns = _policy_arns(form)
        session.session_tags = _tags(form)
        session.issued = datetime.now(UTC).isoformat(timespec="seconds")
        return response

    return remember


def _policy_arns(form: Mapping[str, str]) -> list[str]:
    return [value for name, value in sorted(form.items()) if name.startswith("PolicyArns.") and name.endswith(".arn")]


def _tags(form: Mapping[str, str]) -> dict[str, str]:
    names = {name.removesuffix(".Key"): value for name, value in form.items() if name.startswith("Tags.member.")}
    return {key: form.get(f"{name}.Value", "") for name, key in names.items() if f"{name}.Key" in form}
