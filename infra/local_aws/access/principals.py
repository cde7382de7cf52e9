"""Principals, and the principals that a resource-based policy names.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and
reference_policies_elements_notprincipal.html in the same guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

EVERYBODY = "*"


class Grant(IntEnum):
    """How closely a resource-based policy names a principal, from not at all to its own ARN."""

    NONE = 0
    ACCOUNT = 1
    """By its account, which leaves the decision to the account's own policies."""
    ANYBODY = 2
    """Together with everyone else."""
    ROLE = 3
    """By the role of the session: the limits of role and session still apply."""
    SELF = 4
    """By its own ARN: only an explicit Deny limits it."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The principal of a request.

    Attributes:
        arn: its own ARN; for a service, its name, such as `glue.amazonaws.com`; empty for an unsigned request.
        account: its account's id; empty for a service or an unsigned request.
        role_arn: for a session, the ARN of its role.
        unique_ids: of the user or role, which IAM writes for an ARN whose owner was deleted.
    """

    arn: str
    account: str = ""
    role_arn: str = ""
    unique_ids: tuple[str, ...] = ()

    @property
    def root_arn(self) -> str:
        """The ARN of its account's root user, which also means the account."""
        return f"arn:aws:iam::{self.account}:root"

    @property
    def chain(self) -> tuple[tuple[str, ...], ...]:
        """The principal at each level, from its account to itself, with the names that a policy may use for it."""
        account = ((self.account, self.root_arn),) if self.account else ()
        if self.arn == self.root_arn:
            return account
        role = ((self.role_arn, *self.unique_ids),) if self.role_arn else ()
        return (*account, *role, (self.arn, *(() if self.role_arn else self.unique_ids)))


ANONYMOUS = Principal("")
"""The principal of an unsigned request."""


@dataclass(frozen=True, slots=True)
class Principals:
    """`Principal` or `NotPrincipal` of a statement."""

    names: frozenset[str]
    is_negated: bool

    @classmethod
    def of(cls, statement: Mapping[str, Any]) -> Principals | None:
        """The principals of a statement; None if it names none, as in an identity-based policy."""
        for element, is_negated in (("Principal", False), ("NotPrincipal", True)):
            if element in statement:
                return cls(frozenset(_names(statement[element])), is_negated)
        return None

    def denies(self, principal: Principal) -> bool:
        """Whether a Deny of these principals applies to a principal.

        With `NotPrincipal` it applies unless the principal is listed at every level: account, role and session.
        """
        if EVERYBODY in self.names:
            return not self.is_negated
        is_listed = [any(name in self.names for name in names) for names in principal.chain]
        return not all(is_listed) if self.is_negated else any(is_listed)

    def allows(self, principal: Principal) -> Grant:
        """How closely an Allow of these principals names a principal. `NotPrincipal` in an Allow names no one here."""
        if self.is_negated:
            return Grant.NONE
        *wider, own_names = principal.chain
        if principal.arn and any(name in self.names for name in own_names):
            return Grant.ACCOUNT if principal.arn == principal.root_arn else Grant.SELF
        if principal.role_arn and any(name in self.names for name in wider[-1]):
            return Grant.ROLE
        if EVERYBODY in self.names:
            return Grant.ANYBODY
        return Grant.ACCOUNT if any(name in self.names for names in wider for name in names) else Grant.NONE


def _names(element: Any) -> list[str]:
    if not isinstance(element, Mapping):
        return [str(element)]
    return [str(name) for names in element.values() for name in (names if isinstance(names, list) else [names])]
