"""Decides a request from all policies that apply to it.

An explicit Deny in any of them wins. Otherwise, identity-based policies and the resource's own policy add up. The
permissions boundary and the session policies each limit the sum. Without an Allow, the request is denied.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .policies import Request, Statement, parsed
from .principals import Grant, Principal


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies that apply to one principal and one resource, as JSON texts.

    Attributes:
        identity: of the role, or of the user and its groups; None for the administrator, who may do everything.
        boundary: the permissions boundary; None if there is none.
        session: the session policies; None if there are none.
        resource: the resource's own policy; None if it has none.
        must_be_trusted: the resource's own policy must allow the request, as a role's trust policy must.
    """

    identity: tuple[str, ...] | None = ()
    boundary: tuple[str, ...] | None = None
    session: tuple[str, ...] | None = None
    resource: str | None = None
    must_be_trusted: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request is allowed, and why.

    Attributes:
        allowed: whether the request is allowed.
        statement: the id of the statement that decides; empty if it has no id, or no statement decides.
        reason: the reason for a denial, in IAM's words.
    """

    allowed: bool
    statement: str = ""
    reason: str = ""


def decide(principal: Principal, request: Request, policies: Policies) -> Decision:
    """Decides whether the principal may carry out the request."""
    own_statements = _of_resource(policies.resource)
    if (denied := _explicit_denial(principal, request, policies, own_statements)) is not None:
        return denied
    grant, granting = _granted(principal, request, own_statements)
    if grant is Grant.SELF:
        return Decision(allowed=True, statement=granting)
    if policies.must_be_trusted and grant is Grant.NONE:
        return Decision(allowed=False, reason=f"because no resource-based policy allows the {request.action} action")
    is_enough = grant is Grant.ROLE or (grant is Grant.ANYBODY and not policies.must_be_trusted)
    allowing_sid = granting if is_enough else _allowing(policies.identity, request)
    for kind, limit in (
        ("identity-based policy", allowing_sid),
        ("permissions boundary", _limiting(policies.boundary, request)),
        ("session policy", _limiting(policies.session, request)),
    ):
        if limit is None:
            return Decision(allowed=False, reason=f"because no {kind} allows the {request.action} action")
    return Decision(allowed=True, statement=allowing_sid or "")


def _explicit_denial(
    principal: Principal, request: Request, policies: Policies, own_statements: tuple[Statement, ...]
) -> Decision | None:
    for kind, documents in (
        ("an identity-based policy", policies.identity),
        ("a permissions boundary", policies.boundary),
        ("a session policy", policies.session),
    ):
        for statement in _statements(documents or ()):
            if not statement.is_allow and statement.concerns(request):
                return Decision(allowed=False, statement=statement.sid, reason=f"with an explicit deny in {kind}")
    for statement in own_statements:
        applies = statement.principals is not None and statement.principals.denies(principal)
        if not statement.is_allow and applies and statement.concerns(request):
            reason = "with an explicit deny in a resource-based policy"
            return Decision(allowed=False, statement=statement.sid, reason=reason)
    return None


def _granted(principal: Principal, request: Request, own_statements: tuple[Statement, ...]) -> tuple[Grant, str]:
    """The closest grant of the resource's own policy, and the id of its statement."""
    grants = [
        (statement.principals.allows(principal), statement.sid)
        for statement in own_statements
        if statement.is_allow and statement.principals is not None and statement.concerns(request)
    ]
    return max(grants, key=lambda grant: grant[0], default=(Grant.NONE, ""))


def _allowing(documents: tuple[str, ...] | None, request: Request) -> str | None:
    """The id of the statement that allows the request; None if there is none."""
    if documents is None:
        return ""
    for statement in _statements(documents):
        if statement.is_allow and statement.concerns(request):
            return statement.sid
    return None


def _limiting(documents: tuple[str, ...] | None, request: Request) -> str | None:
    """The same for a limit. A missing limit allows everything."""
    return "" if documents is None else _allowing(documents, request)


def _statements(documents: Iterable[str]) -> Iterable[Statement]:
    return (statement for document in documents for statement in parsed(document))


def _of_resource(document: str | None) -> tuple[Statement, ...]:
    return parsed(document) if document else ()
