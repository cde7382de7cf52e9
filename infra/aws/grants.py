"""Declares a role: who may assume it, and its permissions, with a reason for each wide one."""

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
        name: the purpose, which is the statement's id in the policy.
        actions: the actions one by one, without wildcards.
        resources: ARNs. `EVERYTHING` only if AWS has no resource type for the action.
        why: the reason for a wildcard in the resources, which is required.
        conditions: further conditions in IAM's form.
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
            raise ValueError(f"{self.name}: give a reason why {', '.join(self.wide)} is not narrower")

    @property
    def wide(self) -> tuple[str, ...]:
        """The resources that are patterns."""
        return tuple(resource for resource in self.resources if "*" in resource)

    def statement(self) -> iam.PolicyStatement:
        """The grant as an IAM statement."""
        return iam.PolicyStatement(
            sid=self.name,
            actions=[*self.actions],
            resources=[*self.resources],
            conditions={operator: dict(values) for operator, values in self.conditions.items()},
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
        id: the role's id in the stack.
        name: the role's name.
        trusts: the principal that may assume the role.
        may: all of its permissions.
        description: the description for people in the AWS console.
    """
    grants = tuple(may)
    document = iam.PolicyDocument(statements=[grant.statement() for grant in grants])
    role = iam.Role(
        scope, id, role_name=name, assumed_by=trusts, description=description, inline_policies={"grants": document}
    )
    for grant in grants:
        for resource in grant.wide:
            pattern = resource.replace(Aws.ACCOUNT_ID, "<AWS::AccountId>")
            accept(role, grant.why, f"AwsSolutions-IAM5[Resource::{pattern}]")
    return role
