"""The identity of a caller, with everything the evaluation needs: names, policies, and condition keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from moto.iam.models import Group, Role
from moto.iam.models import User as IamUser
from moto.s3.models import s3_backends

from .. import account
from .callers import Caller, User, document, iam, managed, role_of
from .principals import ANONYMOUS, Principal


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of a caller.

    Attributes:
        principal: its names.
        policies: its identity-based policies, as JSON texts; None if it needs none.
        boundary: its permissions boundary; None if it has none.
        session: its session policies; None if it has none.
        keys: its condition keys.
    """

    principal: Principal
    policies: tuple[str, ...] | None
    boundary: tuple[str, ...] | None = None
    session: tuple[str, ...] | None = None
    keys: Mapping[str, str] = field(default_factory=dict)


def administrator() -> Identity:
    """The account's administrator, who needs no policy. Policies name it as the root user."""
    principal = Principal(f"arn:aws:iam::{account.ID}:root", account.ID)
    keys = {"aws:PrincipalArn": principal.arn, "aws:PrincipalType": "Account", "aws:userid": account.ID}
    return Identity(principal, None, keys={**_keys(), **keys})


def anonymous() -> Identity:
    """The sender of an unsigned request. It needs no policy, because the local AWS doesn't require credentials."""
    keys = {"aws:PrincipalType": "Anonymous", "aws:PrincipalIsAWSService": "false", "aws:userid": "anonymous"}
    return Identity(ANONYMOUS, None, keys=keys)


def of_service(name: str, source_arn: str = "") -> Identity:
    """A service such as `glue.amazonaws.com` that works for a resource of this account."""
    keys = {"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": name, "aws:SourceAccount": account.ID}
    return Identity(Principal(name), None, keys=keys | ({"aws:SourceArn": source_arn} if source_arn else {}))


def of_session(caller: Caller) -> Identity:
    """A session of a role. A role that does not exist has no policies."""
    arn = f"arn:aws:sts::{account.ID}:assumed-role/{caller.role}/{caller.session}"
    role = role_of(caller.role)
    role_arn = role.arn if role is not None else f"arn:aws:iam::{account.ID}:role/{caller.role}"
    tags = {tag["Key"]: tag["Value"] for tag in (role.tags if role is not None else None) or []}
    return Identity(
        Principal(arn, account.ID, role_arn, (role.id,) if role is not None else ()),
        _policies(role) if role is not None else (),
        _boundary(role.permissions_boundary_arn) if role is not None else None,
        caller.limits,
        {
            **_keys(),
            **_tags({**tags, **caller.tags}),
            **({"aws:TokenIssueTime": caller.issued} if caller.issued else {}),
            "aws:PrincipalArn": role_arn,
            "aws:PrincipalType": "AssumedRole",
            "aws:userid": caller.user_id,
            "aws:MultiFactorAuthPresent": "false",
        },
    )


def of_user(user: User) -> Identity:
    """An IAM user, with the policies of its groups."""
    iam_user = iam().users.get(user.name)
    if iam_user is None:
        return Identity(Principal(f"arn:aws:iam::{account.ID}:user/{user.name}", account.ID), ())
    groups = [group for group in iam().groups.values() if iam_user in group.users]
    tags = iam().tagger.get_tag_dict_for_resource(iam_user.arn)
    keys = {
        "aws:PrincipalArn": iam_user.arn,
        "aws:PrincipalType": "User",
        "aws:userid": iam_user.id,
        "aws:username": iam_user.name,
    }
    policies = tuple(text for holder in (iam_user, *groups) for text in _policies(holder))
    principal = Principal(iam_user.arn, account.ID, unique_ids=(iam_user.id,))
    return Identity(principal, policies, keys={**_keys(), **_tags(tags), **keys})


def bucket_policy(resource: str) -> str | None:
    """The policy of the bucket in an S3 ARN, if it has one."""
    service, _, name = resource.partition(":::")
    if service != "arn:aws:s3":
        return None
    bucket = s3_backends[account.ID]["aws"].buckets.get(name.partition("/")[0])
    policy = bucket.policy if bucket is not None else None
    return policy.decode() if isinstance(policy, bytes) else policy


def _policies(holder: Role | IamUser | Group) -> tuple[str, ...]:
    attached = (document(policy) for policy in holder.managed_policies.values())
    return (*holder.policies.values(), *attached)


def _boundary(arn: str | None) -> tuple[str, ...] | None:
    """A boundary policy that does not exist allows nothing."""
    return tuple(managed([arn])) if arn else None


def _tags(tags: Mapping[str, str]) -> dict[str, str]:
    return {f"aws:PrincipalTag/{key}": value for key, value in tags.items()}


def _keys() -> dict[str, str]:
    return {"aws:PrincipalAccount": account.ID, "aws:PrincipalIsAWSService": "false"}
