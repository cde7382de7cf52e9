"""Who asks, and whom a resource-based policy means.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and
reference_policies_elements_notprincipal.html beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

EVERYBODY = "*"


class Grant(IntEnum):
    """How a resource-based policy names whoever asks, from not at all to most closely."""

    NONE = 0
    ACCOUNT = 1
    """By the account: it leaves the decision to the account's own policies."""
    ANYBODY = 2
    """With everybody else."""
    ROLE = 3
    """By the role of the session: what limits the role or the session still does."""
    SELF = 4
    """By its own ARN: nothing but an explicit Deny limits it."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever asks.

    Attributes:
        arn: its own; of a service, its name, such as `glue.amazonaws.com`; of nobody that is known, empty.
        account: its account's id; empty for a service or nobody.
        role_arn: of a session, its role's.
        unique_ids: of the user or role, which IAM writes for an ARN whose owner was deleted.
    """

    arn: str
    account: str = ""
    role_arn: str = ""
    unique_ids: tuple[str, ...] = ()

    @property
    def root_arn(self) -> str:
        """Of its account's root user, which stands for the account."""
        return f"arn:aws:iam::{self.account}:root"

    @property
    def chain(self) -> tuple[tuple[str, ...], ...]:
        """All that it is, from the account to itself: of each, the names that a policy may use."""
        account = ((self.account, self.root_arn),) if self.account else ()
        if self.arn == self.root_arn:
            return account
        role = ((self.role_arn, *self.unique_ids),) if self.role_arn else ()
        return (*account, *role, (self.arn, *(() if self.role_arn else self.unique_ids)))


ANONYMOUS = Principal("")
"""Whoever does not sign."""


@dataclass(frozen=True, slots=True)
class Principals:
    """`Principal` or `NotPrincipal` of a statement."""

    names: frozenset[str]
    is_negated: bool

    @classmethod
    def of(cls, statement: Mapping[str, Any]) -> Principals | None:
        """Those of a statement; None when it names none, as in an identity-based policy."""
        for element, is_negated in (("Principal", False), ("NotPrincipal", True)):
            if element in statement:
                return cls(frozenset(_names(statement[element])), is_negated)
        return None

    def denies(self, principal: Principal) -> bool:
        """Whether a Deny of these principals means the one that asks.

        With `NotPrincipal` it means whoever is not listed with all that it is: account, role and session.
        """
        if EVERYBODY in self.names:
            return not self.is_negated
        listed = [any(name in self.names for name in names) for names in principal.chain]
        return not all(listed) if self.is_negated else any(listed)

    def allows(self, principal: Principal) -> Grant:
        """How an Allow of these principals names the one that asks. An Allow with `NotPrincipal` names nobody here."""
        if self.is_negated:
            return Grant.NONE
        *wider, own = principal.chain
        if principal.arn and any(name in self.names for name in own):
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
