"""Policies of every kind through the real server: refused calls of a boto3 program, and their error messages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws, account
from infra.local_aws.tests.access.decision_rows import allow, but, deny, policy, to, trusting
from infra.local_aws.tests.conftest import Client, clients_of
from infra.local_aws.tests.test_access import as_role, make_role, refusal

ROLE = f"arn:aws:iam::{account.ID}:role"
INSECURE = {"Bool": {"aws:SecureTransport": "false"}}


def of_session(server: LocalAws, credentials: dict[str, Any]) -> Client:
    keys = (credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials.get("SessionToken"))
    session = boto3.Session(*keys, region_name="us-east-1")
    return lambda service: session.client(service, endpoint_url=server.url)


def message(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Message"])


def managed(client: Client, *statements: dict[str, Any]) -> str:
    name = f"policy-{uuid.uuid4().hex[:8]}"
    created_policy = client("iam").create_policy(PolicyName=name, PolicyDocument=policy(*statements))
    return str(created_policy["Policy"]["Arn"])


@pytest.mark.parametrize(
    "denial",
    [
        but("Deny", NotAction=["s3:GetObject"], Resource="*"),
        but("Deny", Action="s3:*", NotResource="arn:aws:s3:::somewhere-else/*"),
        deny("s3:PutObject", Condition=INSECURE),
        deny("s3:PutObject", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}),
        deny("s3:PutObject", Condition={"Null": {"s3:x-amz-server-side-encryption": "true"}}),
        deny("s3:PutObject", Condition={"StringEquals": {"aws:ResourceTag/x": "y"}}),
    ],
    ids=["not-action", "not-resource", "insecure", "string-not-equals", "null", "unknown-key"],
)
def test_an_explicit_deny_counts_however_it_is_written(
    server: LocalAws, client: Client, bucket: str, denial: dict[str, Any]
) -> None:
    s3 = as_role(server, client, make_role(client, allow("s3:*"), denial))("s3")
    refusal_text = message(lambda: s3.put_object(Bucket=bucket, Key="a", Body=b""))
    assert refusal_text.endswith(
        f"perform: s3:PutObject on resource: arn:aws:s3:::{bucket}/a with an explicit deny in an identity-based policy"
    )
    assert "Contents" not in client("s3").list_objects_v2(Bucket=bucket)


def test_a_condition_on_a_header_looks_at_the_header(server: LocalAws, client: Client, bucket: str) -> None:
    plain = deny("s3:PutObject", Condition={"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}})
    s3 = as_role(server, client, make_role(client, allow("s3:*"), plain))("s3")
    assert refusal(lambda: s3.put_object(Bucket=bucket, Key="a", Body=b"")) == "AccessDenied"
    s3.put_object(Bucket=bucket, Key="a", Body=b"", ServerSideEncryption="AES256")


# -- sessions of roles


def test_a_role_that_does_not_exist_cannot_be_assumed(server: LocalAws, client: Client) -> None:
    for arn in (f"{ROLE}/nobody", "arn:aws:iam::999999999999:role/theirs"):
        arguments = {"RoleArn": arn, "RoleSessionName": "test"}
        assert refusal(lambda arguments=arguments: client("sts").assume_role(**arguments)) == "AccessDenied"
        refusal_text = message(lambda arguments=arguments: client("sts").assume_role(**arguments))
        assert f"is not authorized to perform: sts:AssumeRole on resource: {arn}" in refusal_text


def test_a_role_is_assumed_by_whom_it_trusts(server: LocalAws, client: Client) -> None:
    def make(*statements: dict[str, Any]) -> str:
        name = f"role-{uuid.uuid4().hex[:8]}"
        client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy(*statements))
        return f"{ROLE}/{name}"

    lambdas = make(trusting({"Service": "lambda.amazonaws.com"}))
    assert refusal(lambda: client("sts").assume_role(RoleArn=lambdas, RoleSessionName="test")) == "AccessDenied"
    ours = make(trusting({"AWS": f"arn:aws:iam::{account.ID}:root"}))
    assert client("sts").assume_role(RoleArn=ours, RoleSessionName="test")["Credentials"]
    agreed = {"StringEquals": {"sts:ExternalId": "42"}}
    theirs = make(trusting({"AWS": account.ID}, Condition=agreed))
    assert refusal(lambda: client("sts").assume_role(RoleArn=theirs, RoleSessionName="test")) == "AccessDenied"
    assert client("sts").assume_role(RoleArn=theirs, RoleSessionName="test", ExternalId="42")["Credentials"]


def test_a_session_may_do_what_its_policies_allow_too(server: LocalAws, client: Client, bucket: str) -> None:
    role = make_role(client, allow("s3:*", [f"arn:aws:s3:::{bucket}/*", f"arn:aws:s3:::{bucket}"]))
    arguments = {"RoleArn": f"{ROLE}/{role}", "RoleSessionName": "test"}
    put_and_more = policy(allow(["s3:PutObject", "sns:*"]))
    listing = managed(client, allow("s3:ListBucket"))
    opened = client("sts").assume_role(**arguments, Policy=put_and_more, PolicyArns=[{"arn": listing}])["Credentials"]
    session = of_session(server, opened)
    s3 = session("s3")

    s3.put_object(Bucket=bucket, Key="a", Body=b"")
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1
    assert "no session policy allows" in message(lambda: s3.delete_object(Bucket=bucket, Key="a"))
    assert "no identity-based policy allows" in message(lambda: session("sns").create_topic(Name=bucket))

    def open_with(**more: Any) -> str:
        return refusal(lambda: client("sts").assume_role(**arguments, **more))

    assert open_with(Policy="{") == "MalformedPolicyDocument"
    assert open_with(PolicyArns=[{"arn": f"{listing}-gone"}]) == "MalformedPolicyDocument"
    assert open_with(Policy=policy(allow("s3:*" + "x" * 2048))) == "ValidationError"


def test_tags_of_a_session_are_tags_of_its_principal(server: LocalAws, client: Client, bucket: str) -> None:
    role = make_role(client, allow("s3:PutObject", f"arn:aws:s3:::{bucket}/${{aws:PrincipalTag/zone}}/*"))
    tags = [{"Key": "zone", "Value": "mine"}]
    arguments = {"RoleArn": f"{ROLE}/{role}", "RoleSessionName": "test", "Tags": tags}
    s3 = of_session(server, client("sts").assume_role(**arguments)["Credentials"])("s3")
    s3.put_object(Bucket=bucket, Key="mine/a", Body=b"")
    assert refusal(lambda: s3.put_object(Bucket=bucket, Key="other/a", Body=b"")) == "AccessDenied"


def test_the_limits_of_a_session_outlive_the_server(tmp_path: Path) -> None:
    with LocalAws(tmp_path, warehouse=False) as server:
        client = clients_of(server)
        client("s3").create_bucket(Bucket="kept")
        role = make_role(client, allow("s3:*"))
        arguments = {"RoleArn": f"{ROLE}/{role}", "RoleSessionName": "test"}
        opened = client("sts").assume_role(**arguments, Policy=policy(allow("s3:GetObject")))["Credentials"]
    with LocalAws(tmp_path, warehouse=False) as server:
        s3 = of_session(server, opened)("s3")
        assert "no session policy allows" in message(lambda: s3.put_object(Bucket="kept", Key="a", Body=b""))


# -- managed policies, boundaries, users


def test_a_boundary_limits_its_role(server: LocalAws, client: Client, bucket: str) -> None:
    role = make_role(client, allow("s3:*"))
    client("iam").put_role_permissions_boundary(
        RoleName=role, PermissionsBoundary=managed(client, allow("s3:PutObject"))
    )
    s3 = as_role(server, client, role)("s3")
    s3.put_object(Bucket=bucket, Key="a", Body=b"")
    assert "no permissions boundary allows" in message(lambda: s3.get_object(Bucket=bucket, Key="a"))


def test_a_user_is_held_to_its_own_and_its_groups_policies(server: LocalAws, client: Client, bucket: str) -> None:
    iam, name = client("iam"), f"user-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    s3 = of_session(server, key)("s3")
    refusal_text = message(lambda: s3.put_object(Bucket=bucket, Key=f"{name}/a", Body=b""))
    assert refusal_text.startswith(f"User: arn:aws:iam::{account.ID}:user/{name} is not authorized to perform")

    own = policy(allow("s3:PutObject", f"arn:aws:s3:::{bucket}/${{aws:username}}/*"))
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=own)
    s3.put_object(Bucket=bucket, Key=f"{name}/a", Body=b"")
    assert refusal(lambda: s3.get_object(Bucket=bucket, Key=f"{name}/a")) == "AccessDenied"

    iam.create_group(GroupName=name)
    iam.put_group_policy(GroupName=name, PolicyName="own", PolicyDocument=policy(allow("s3:GetObject")))
    iam.add_user_to_group(GroupName=name, UserName=name)
    assert s3.get_object(Bucket=bucket, Key=f"{name}/a")["ContentLength"] == 0

    iam.update_access_key(UserName=name, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert refusal(lambda: s3.get_object(Bucket=bucket, Key=f"{name}/a")) == "InvalidClientTokenId"


# -- policies of buckets


def test_a_bucket_denies_everybody_and_its_policy_can_be_taken_back(
    server: LocalAws, client: Client, bucket: str
) -> None:
    s3, objects = client("s3"), f"arn:aws:s3:::{bucket}/*"
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    s3.put_bucket_policy(
        Bucket=bucket, Policy=policy(to("*", deny("s3:*", [objects, objects[:-2]], Condition=INSECURE)))
    )
    assert "explicit deny in a resource-based policy" in message(lambda: s3.get_object(Bucket=bucket, Key="a"))
    assert refusal(lambda: s3.list_objects_v2(Bucket=bucket)) == "AccessDenied"
    assert requests.get(f"{server.url}/{bucket}/a", timeout=30).status_code == 403
    assert refusal(lambda: s3.copy_object(Bucket=bucket, Key="b", CopySource=f"{bucket}/a")) == "AccessDenied"
    assert "Deny" in s3.get_bucket_policy(Bucket=bucket)["Policy"]
    s3.delete_bucket_policy(Bucket=bucket)
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"x"


def test_a_bucket_allows_a_role_what_its_own_policies_do_not(server: LocalAws, client: Client, bucket: str) -> None:
    client("s3").put_object(Bucket=bucket, Key="a", Body=b"x")
    role = make_role(client, allow("glue:*"))
    s3 = as_role(server, client, role)("s3")
    assert refusal(lambda: s3.get_object(Bucket=bucket, Key="a")) == "AccessDenied"
    statement = to({"AWS": f"{ROLE}/{role}"}, allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"))
    client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(statement))
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"x"
    assert refusal(lambda: s3.put_object(Bucket=bucket, Key="a", Body=b"")) == "AccessDenied"


def test_a_bucket_opens_objects_to_whoever_does_not_sign(server: LocalAws, client: Client, bucket: str) -> None:
    client("s3").put_object(Bucket=bucket, Key="open/a", Body=b"x")
    client("s3").put_object(Bucket=bucket, Key="closed/a", Body=b"x")
    assert requests.get(f"{server.url}/{bucket}/open/a", timeout=30).status_code == 403
    opened = to("*", allow("s3:GetObject", f"arn:aws:s3:::{bucket}/open/*"))
    client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(opened))
    assert requests.get(f"{server.url}/{bucket}/open/a", timeout=30).content == b"x"
    assert requests.get(f"{server.url}/{bucket}/closed/a", timeout=30).status_code == 403


# -- what services do


def test_a_service_takes_on_no_role_that_does_not_trust_it(server: LocalAws, client: Client, bucket: str) -> None:
    name = f"role-{uuid.uuid4().hex[:8]}"
    trust = policy(trusting({"Service": "lambda.amazonaws.com"}))
    client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    client("iam").put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy(allow("*")))
    client("s3").put_object(Bucket=bucket, Key="job.py", Body=b"")
    command = {"Name": "pythonshell", "ScriptLocation": f"s3://{bucket}/job.py"}
    client("glue").create_job(Name=name, Role=f"{ROLE}/{name}", Command=command)
    run = {"JobName": name, "RunId": client("glue").start_job_run(JobName=name)["JobRunId"]}
    while (job_run := client("glue").get_job_run(**run)["JobRun"])["JobRunState"] not in ("FAILED", "SUCCEEDED"):
        pass
    assert job_run["JobRunState"] == "FAILED"
    assert "glue.amazonaws.com is not authorized to perform: sts:AssumeRole" in job_run["ErrorMessage"]
