"""Stacks and their buckets, and what is asked of an account before one is made there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from aws_services import resources
from aws_services._session import client
from aws_services._waiting import Patience
from aws_services.cloudformation import CloudFormation, StackState
from aws_services.errors import InvalidRequest, NoSuchBucket, NotFound
from aws_services.parameter_store import ParameterStore
from aws_services.redshift_serverless import RedshiftServerless
from aws_services.s3 import S3
from aws_services.sts import Sts

BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "lake"}}
OUTPUTS = {"Role": {"Value": "arn:aws:iam::123456789012:role/airflow"}}


@pytest.fixture
def stacks(mocked_aws: None) -> CloudFormation:
    """CloudFormation with a stack of one bucket, protected."""
    boto3.client("cloudformation").create_stack(
        StackName="boxoffice",
        TemplateBody=json.dumps({"Resources": {"Lake": BUCKET}, "Outputs": OUTPUTS}),
        EnableTerminationProtection=True,
    )
    return CloudFormation(patience=Patience(deadline=5, sleep=lambda seconds: None))


def test_a_stack_is_described(stacks: CloudFormation) -> None:
    stack = stacks.find("boxoffice")
    assert stack is not None
    assert (stack.status, stack.is_protected) == ("CREATE_COMPLETE", True)
    assert stack.outputs == {"Role": "arn:aws:iam::123456789012:role/airflow"}


def test_no_stack_is_none_and_not_an_error(stacks: CloudFormation) -> None:
    assert stacks.find("another") is None


def test_a_stack_goes_with_its_resources(stacks: CloudFormation) -> None:
    stacks.delete(_found(stacks))
    assert stacks.find("boxoffice") is None
    assert boto3.client("s3").list_buckets()["Buckets"] == []


def test_protection_is_taken_off() -> None:
    api = client("cloudformation")  # moto keeps the flag and has no operation to change it
    with Stubber(api) as answers:
        parameters = {"StackName": "boxoffice", "EnableTerminationProtection": False}
        answers.add_response("update_termination_protection", {"StackId": "arn:stack"}, parameters)
        CloudFormation(api).unprotect("boxoffice")
        answers.assert_no_pending_responses()


def test_a_stack_that_cannot_go_says_which_resource_and_why() -> None:
    api = Going("DELETE_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_FAILED")
    left: list[int] = []
    stacks = CloudFormation(api, patience=Patience(deadline=60, sleep=lambda seconds: None))
    with pytest.raises(InvalidRequest, match="Logs: The bucket you tried to delete is not empty"):
        stacks.delete(StackState("arn:stack", "CREATE_COMPLETE", "", False, {}), left.append)
    assert left == [2, 1]


def _found(stacks: CloudFormation) -> StackState:
    stack = stacks.find("boxoffice")
    assert stack is not None
    return stack


class Going:
    """CloudFormation while it deletes a stack of two resources and fails on the second. Moto deletes both at once."""

    def __init__(self, *states: str) -> None:
        self._states = [*states]
        self._left = [["DELETE_IN_PROGRESS", "DELETE_IN_PROGRESS"], ["DELETE_COMPLETE", "DELETE_FAILED"]]

    def delete_stack(self, StackName: str) -> None:  # noqa: N803 - the API's name
        assert StackName == "arn:stack"

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        return {"Stacks": [{"StackId": StackName, "StackStatus": self._states.pop(0)}]}

    def get_paginator(self, operation: str) -> Going:
        assert operation == "list_stack_resources"
        return self

    def paginate(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        states = self._left[0] if len(self._states) > 1 else self._left[1]
        reason = "The bucket you tried to delete is not empty"
        names = zip(("Lake", "Logs"), states, strict=True)
        summaries = [{"LogicalResourceId": n, "ResourceStatus": s, "ResourceStatusReason": reason} for n, s in names]
        return [{"StackResourceSummaries": summaries}]


def test_a_bucket_is_emptied_of_every_version(mocked_aws: None) -> None:
    raw = boto3.client("s3")
    raw.create_bucket(Bucket="lake")
    raw.put_bucket_versioning(Bucket="lake", VersioningConfiguration={"Status": "Enabled"})
    for number in range(7):
        raw.put_object(Bucket="lake", Key=f"raw/{number % 4}", Body=b"x")
    raw.delete_object(Bucket="lake", Key="raw/1")
    api = client("s3")  # S3 lists a thousand at a time; three are enough to need several requests
    api.meta.events.register(
        "before-parameter-build.s3.ListObjectVersions", lambda params, **_: params.update(MaxKeys=3)
    )
    assert list(S3(api).empty("lake")) == [3, 6, 8]
    assert not {"Versions", "DeleteMarkers"} & raw.list_object_versions(Bucket="lake").keys()
    raw.delete_bucket(Bucket="lake")  # which S3 refuses of one that holds anything
    with pytest.raises(NoSuchBucket):
        list(S3().empty("lake"))


def test_the_caller_is_known_by_account(mocked_aws: None) -> None:
    assert Sts().account() == resources.ACCOUNT
    assert Sts().endpoint.endswith(".amazonaws.com")


def test_a_parameter_is_read_or_not_found(mocked_aws: None) -> None:
    boto3.client("ssm").put_parameter(Name="/boxoffice/version", Value="21", Type="String")
    assert ParameterStore().get("/boxoffice/version") == "21"
    with pytest.raises(NotFound):
        ParameterStore().get("/boxoffice/none")


@pytest.fixture
def serverless(mocked_aws: None) -> tuple[RedshiftServerless, Stubber]:
    """Redshift Serverless, which moto does not have: botocore holds request and answer against the service's model."""
    api = client("redshift-serverless")
    return RedshiftServerless(api), Stubber(api)


def test_the_administrator_is_found_by_namespace(serverless: tuple[RedshiftServerless, Stubber]) -> None:
    redshift, answers = serverless
    secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:redshift!boxoffice-dev-boxoffice_admin-AbCdEf"
    namespace = {"namespaceName": "boxoffice-dev", "adminPasswordSecretArn": secret}
    answers.add_response("get_namespace", {"namespace": namespace}, {"namespaceName": "boxoffice-dev"})
    with answers:
        assert redshift.administrator("boxoffice-dev") == secret


def test_no_namespace_or_one_whose_password_is_kept_elsewhere_is_not_found(
    serverless: tuple[RedshiftServerless, Stubber],
) -> None:
    redshift, answers = serverless
    answers.add_response("get_namespace", {"namespace": {"namespaceName": "other"}})
    answers.add_client_error("get_namespace", "ResourceNotFoundException", "no namespace", 404)
    with answers:
        with pytest.raises(NotFound, match="not kept in Secrets Manager"):
            redshift.administrator("other")
        with pytest.raises(NotFound, match="no namespace"):
            redshift.administrator("none")


def test_a_login_is_the_callers_own_and_shows_no_password(serverless: tuple[RedshiftServerless, Stubber]) -> None:
    redshift, answers = serverless
    ends = datetime(2026, 11, 30, 23, tzinfo=UTC)
    answer = {"dbUser": "IAMR:analyst", "dbPassword": "not-shown", "expiration": ends, "nextRefreshTime": ends}
    request = {"workgroupName": "boxoffice-dev", "dbName": "dev", "durationSeconds": 3600}
    answers.add_response("get_credentials", answer, request)
    with answers:
        login = redshift.login("boxoffice-dev", "dev", 3600)
    assert (login.user, login.password.get_secret_value(), login.expires_at) == ("IAMR:analyst", "not-shown", ends)
    assert "not-shown" not in repr(login)
