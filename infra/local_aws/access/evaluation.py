"""Decides a request from all policies that count for it.

An explicit Deny in any of them wins. Else identity-based policies and the resource's own add up, and the permissions
boundary and the session's policies each limit what they add up to. Without an Allow it is denied.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .policies import Request, Statement, parsed
from .principals import Grant, Principal


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies that count for one principal and one resource, as JSON texts.

    Attributes:
        identity: of the role, or the user and its groups; None for the administrator, who may do everything.
        boundary: the permissions boundary; None when there is none.
        session: what a session was limited to when it was opened; None when it was not.
        resource: the resource's own; None when it has none.
        must_be_trusted: the resource's own policy must allow it, as a role's trust policy must.
    """

    identity: tuple[str, ...] | None = ()
    boundary: tuple[str, ...] | None = None
    session: tuple[str, ...] | None = None
    resource: str | None = None
    must_be_trusted: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not.

    Attributes:
        allowed: whether the request may be carried out.
        statement: the id of the statement that allows or denies it; empty when it has none, or none does.
        reason: of a denial, as IAM words it.
    """

    allowed: bool
    statement: str = ""
    reason: str = ""


def decide(principal: Principal, request: Request, policies: Policies) -> Decision:
    """Whether a principal may have its request."""
    own = _of_resource(policies.resource)
    if (denied := _explicit_denial(principal, request, policies, own)) is not None:
        return denied
    grant, granting = _granted(principal, request, own)
    if grant is Grant.SELF:
        return Decision(allowed=True, statement=granting)
    if policies.must_be_trusted and grant is Grant.NONE:
        return Decision(allowed=False, reason=f"because no resource-based policy allows the {request.action} action")
    is_enough = grant is Grant.ROLE or (grant is Grant.ANYBODY and not policies.must_be_trusted)
    found = granting if is_enough else _allowing(policies.identity, request)
    for kind, limit in (
        ("identity-based policy", found),
        ("permissions boundary", _limiting(policies.boundary, request)),
        ("session policy", _limiting(policies.session, request)),
    ):
        if limit is None:
            return Decision(allowed=False, reason=f"because no {kind} allows the {request.action} action")
    return Decision(allowed=True, statement=found or "")


def _explicit_denial(
    principal: Principal, request: Request, policies: Policies, own: tuple[Statement, ...]
) -> Decision | None:
    for kind, documents in (
        ("an identity-based policy", policies.identity),
        ("a permissions boundary", policies.boundary),
        ("a session policy", policies.session),
    ):
        for statement in _statements(documents or ()):
            if not statement.is_allow and statement.concerns(request):
                return Decision(allowed=False, statement=statement.sid, reason=f"with an explicit deny in {kind}")
    for statement in own:
        is_meant = statement.principals is not None and statement.principals.denies(principal)
        if not statement.is_allow and is_meant and statement.concerns(request):
            reason = "with an explicit deny in a resource-based policy"
            return Decision(allowed=False, statement=statement.sid, reason=reason)
    return None


def _granted(principal: Principal, request: Request, own: tuple[Statement, ...]) -> tuple[Grant, str]:
    """The closest grant of the resource's own policy, and the id of its statement."""
    grants = [
        (statement.principals.allows(principal), statement.sid)
        for statement in own
        if statement.is_allow and statement.principals is not None and statement.concerns(request)
    ]
    return max(grants, key=lambda found: found[0], default=(Grant.NONE, ""))


def _allowing(documents: tuple[str, ...] | None, request: Request) -> str | None:
    """The id of the statement that allows it; None when none does."""
    if documents is None:
        return ""
    for statement in _statements(documents):
        if statement.is_allow and statement.concerns(request):
            return statement.sid
    return None


def _limiting(documents: tuple[str, ...] | None, request: Request) -> str | None:
    """The same, of a limit; what is not there limits nothing."""
    return "" if documents is None else _allowing(documents, request)


def _statements(documents: Iterable[str]) -> Iterable[Statement]:
    return (statement for document in documents for statement in parsed(document))


def _of_resource(document: str | None) -> tuple[Statement, ...]:
    return parsed(document) if document else ()
