"""From roles and users of IAM to the policies that count for them."""

from __future__ import annotations

import uuid

from infra.local_aws import account
from infra.local_aws.access.callers import Caller, User, iam
from infra.local_aws.access.identities import of_session, of_user
from infra.local_aws.tests.access.decision_rows import allow, policy, trusting

READ, WRITE = policy(allow("s3:GetObject")), policy(allow("s3:PutObject"))


def test_attached_policies_count_in_their_default_version() -> None:
    name = f"role-{uuid.uuid4().hex}"
    role = iam().create_role(name, policy(trusting("*")), "/", None, "", [{"Key": "team", "Value": "red"}], "3600")
    role.policies["own"] = READ
    attached = iam().create_policy(None, "/", WRITE, name, [])
    iam().attach_role_policy(attached.arn, name)
    caller = Caller(name, "test", f"{role.id}:test", tags={"zone": "a"})

    identity = of_session(caller)
    assert (identity.policies, identity.boundary, identity.session) == ((READ, WRITE), None, None)
    assert identity.keys["aws:PrincipalArn"] == f"arn:aws:iam::{account.ID}:role/{name}"
    assert (identity.keys["aws:PrincipalTag/team"], identity.keys["aws:PrincipalTag/zone"]) == ("red", "a")

    iam().create_policy_version(attached.arn, READ, "true")
    assert of_session(caller).policies == (READ, READ)
    role.permissions_boundary_arn = attached.arn
    assert of_session(caller).boundary == (READ,)
    role.permissions_boundary_arn = f"{attached.arn}-gone"
    assert of_session(caller).boundary == ()


def test_a_role_that_is_gone_and_a_user_that_is_gone_may_do_nothing() -> None:
    assert of_session(Caller("gone", "test", "id:test")).policies == ()
    assert of_user(User("gone")).policies == ()


def test_a_user_has_the_policies_of_its_groups() -> None:
    name = f"user-{uuid.uuid4().hex}"
    user = iam().create_user("us-east-1", name)
    iam().create_group(name)
    iam().add_user_to_group(name, name)
    user.policies["own"] = READ
    iam().get_group(name).policies["own"] = WRITE
    identity = of_user(User(name))
    assert identity.policies == (READ, WRITE)
    assert (identity.keys["aws:username"], identity.keys["aws:PrincipalType"]) == (name, "User")
