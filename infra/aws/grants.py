"""How a role is written down: who may take it on, and each thing that it may do, with a reason where that is wide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.aws.accepted import accept

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions on resources.

    Attributes:
        name: what it is for; the statement's id in the policy.
        actions: named one by one, never with a wildcard.
        resources: ARNs; `EVERYTHING` only where AWS knows no resource for the action.
        why: why a wildcard in them is right; needed where there is one.
        conditions: further conditions, as IAM writes them.
    """

    name: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    why: str = ""
    conditions: Mapping[str, Mapping[str, str | list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any("*" in action for action in self.actions):
            raise ValueError(f"{self.name}: name the actions one by one, without '*'")
        if self.wide and not self.why:
            raise ValueError(f"{self.name}: say why {', '.join(self.wide)} is not narrower")

    @property
    def wide(self) -> tuple[str, ...]:
        """The resources that are patterns."""
        return tuple(resource for resource in self.resources if "*" in resource)

    def statement(self) -> iam.PolicyStatement:
        """As IAM takes it."""
        return iam.PolicyStatement(
            sid=self.name,
            actions=[*self.actions],
            resources=[*self.resources],
            conditions={operator: dict(wanted) for operator, wanted in self.conditions.items()},
        )


def actor(
    scope: Construct,
    id: str,
    name: str,
    *,
    trusts: iam.IPrincipal,
    may: Iterable[Grant],
    description: str,
) -> iam.Role:
    """The role of one actor.

    Args:
        scope: the stack.
        id: id in it.
        name: the role's name.
        trusts: who may take it on.
        may: what it may do, and nothing else.
        description: for whoever meets it in the console.
    """
    grants = tuple(may)
    document = iam.PolicyDocument(statements=[grant.statement() for grant in grants])
    role = iam.Role(
        scope, id, role_name=name, assumed_by=trusts, description=description, inline_policies={"grants": document}
    )
    for grant in grants:
        for resource in grant.wide:
            found = resource.replace(Aws.ACCOUNT_ID, "<AWS::AccountId>")
            accept(role, grant.why, f"AwsSolutions-IAM5[Resource::{found}]")
    return role
