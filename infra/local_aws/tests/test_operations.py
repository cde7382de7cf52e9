"""Every operation of the checked services is called, and its answer compared with what is claimed of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws
from infra.local_aws.claims import SERVICES
from infra.local_aws.claims.operations import CHECKED, CallOutcome, outcomes
from infra.local_aws.tests.api_calls import calls

_CLAIMS = {service.name: service for service in SERVICES}
_NOT_TOLD_APART = ("ListDirectoryBuckets", "WriteGetObjectResponse")
"""Their requests are those of other operations of S3, but for the host name."""
_DONE = (CallOutcome.OURS, CallOutcome.MOTO)


def _client(server: LocalAws, service: str) -> Any:
    """In a region that no other test uses."""
    session = boto3.Session("local", "local", region_name="eu-north-1")
    once = Config(retries={"total_max_attempts": 1}, inject_host_prefix=False, parameter_validation=False)
    return session.client(service, endpoint_url=server.url, config=once)


@pytest.fixture
def s3_object(server: LocalAws) -> dict[str, str]:
    """A bucket with an object: S3 looks for them before it looks at what is asked."""
    client, names = _client(server, "s3"), {"Bucket": f"t-{uuid.uuid4().hex[:12]}", "Key": "key"}
    client.create_bucket(
        Bucket=names["Bucket"], CreateBucketConfiguration={"LocationConstraint": client.meta.region_name}
    )
    client.put_object(**names, Body=b"<a/>")
    return names


def _answer(client: Any, operation: str, parameters: Mapping[str, Any]) -> tuple[int, str, str]:
    """Status, code and message of the answer to a call."""
    try:
        client._make_api_call(operation, dict(parameters))
    except ClientError as error:
        response = error.response
        return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]
    return 200, "", ""


_OF_THE_WAREHOUSE = ("redshift-data", "redshift-serverless")


@pytest.mark.parametrize("name", [name for name in CHECKED if name not in _OF_THE_WAREHOUSE])
def test_each_operation_is_answered_as_it_is_claimed(server: LocalAws, name: str, s3_object: dict[str, str]) -> None:
    assert not _wrong(server, name, s3_object if name == "s3" else {})


def _wrong(server: LocalAws, name: str, s3_object: Mapping[str, str]) -> list[str]:
    """The operations whose answer is not the claimed one."""
    service, client = _CLAIMS[name], _client(server, name)
    claimed, wrong = outcomes(service), []
    for operation, parameters in calls(client):
        if operation in _NOT_TOLD_APART:
            continue
        arguments = {**parameters, **{key: value for key, value in s3_object.items() if key in parameters}}
        status, code, message = _answer(client, operation, arguments)
        if not _is_as_claimed(service, operation, claimed[operation], status, code, message):
            wrong.append(f"{operation} is claimed {claimed[operation].value!r}, answered {status} {code} {message}")
    return wrong


@pytest.mark.parametrize("name", _OF_THE_WAREHOUSE)
def test_each_operation_of_the_warehouse_is_answered_as_it_is_claimed(local_aws: LocalAws, name: str) -> None:
    assert not _wrong(local_aws, name, {})


def _is_as_claimed(service: Any, operation: str, claimed: CallOutcome, status: int, code: str, message: str) -> bool:
    is_not_done = (status, code) == (501, "NotImplemented") and message.startswith("The local AWS does not support ")
    if claimed in _DONE:
        return status not in (0, 500, 501, 502, 503)
    if claimed is CallOutcome.PARTLY:
        return status != 500
    if claimed is CallOutcome.REFUSED:
        return is_not_done and service.refusals(operation)[0].reason in message
    return is_not_done
