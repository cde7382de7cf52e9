"""No operation of a kept service makes another one fail, and what is said to be kept survives kill -9."""

import uuid
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.local_aws import LocalAws
from infra.local_aws.persistence import SAVED_SERVICES
from infra.local_aws.tests.state.made_calls import ACCOUNT, REGION, TRUST, Call, changing, reading

_NOT_COMPARED = {
    "GetRandomPassword": "another one each time",
    "GetSessionToken": "another one each time",
    "GetFederationToken": "another one each time",
    "ListSecretVersionIds": "moto gives the time of the answer as that of the version",
    "ListMetrics": "measurements are not kept",
    "GetMetricData": "measurements are not kept",
    "GetMetricStatistics": "measurements are not kept",
    "GetLogEvents": "events are not kept",
}
_FAULTS_OF_MOTO = {
    "CreateTrigger": "a condition's state that Glue does not have",
    "PutSchemaVersionMetadata": "no number of a version",
    "TagResource": "a tag without a key",
    "UpdateSecretVersionStage": "a stage of no version",
    "AssumeRoleWithSAML": "an assertion that is no base64",
    "Publish": "neither topic nor target",
    "PutDeliveryDestination": "a destination that is no ARN",
    "PutDeliverySource": "a source that is no ARN",
    "PutSubscriptionFilter": "a destination that is no ARN",
}
"""Made-up arguments that AWS refuses and that moto fails on, with a 500. The state must not suffer from it."""


class _Clients:
    def __init__(self, server: LocalAws) -> None:
        session: Any = boto3.Session("local", "local", region_name=REGION)
        config = Config(retries={"total_max_attempts": 1})
        self._clients = {
            service: session.client(service, endpoint_url=server.url, config=config) for service in SAVED_SERVICES
        }

    def __call__(self, call: Call) -> tuple[int, Any]:
        """Status and answer, or status and error."""
        try:
            answer = getattr(self._clients[call.service], call.method)(**call.arguments)
        except ClientError as error:
            metadata = error.response["ResponseMetadata"]
            return metadata["HTTPStatusCode"], error.response["Error"]["Code"]
        metadata = answer.pop("ResponseMetadata")
        return metadata["HTTPStatusCode"], answer

    def others_still_work(self) -> bool:
        """Whether the services that keep their state can still save it."""
        name = f"n{uuid.uuid4().hex[:10]}"
        role = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        probes = (
            Call("glue", "CreateDatabase", {"DatabaseInput": {"Name": name}}),
            Call("secretsmanager", "CreateSecret", {"Name": name, "SecretString": "x"}),
            Call("iam", "CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": TRUST}),
            Call("sts", "AssumeRole", {"RoleArn": role, "RoleSessionName": name}),
        )
        return all(self(probe)[0] == 200 for probe in probes)


def test_no_operation_wedges_another_and_what_is_kept_survives_a_kill(tmp_path: Path) -> None:
    server = LocalAws(tmp_path, warehouse=False).start()
    client, worked = _Clients(server), set()
    failed = []
    for call in [call for service in SAVED_SERVICES for call in changing(service)]:
        status, answer = client(call)
        if status == 200:
            worked.add((call.service, call.operation))
        if status == 500 and call.operation not in _FAULTS_OF_MOTO:
            failed.append(f"{call}: {answer}")
        assert client.others_still_work(), call
    before = _readings(client)
    server.kill()
    with server:
        after = _readings(_Clients(server))
    assert after == before
    assert failed == []
    assert len(worked) > 80, sorted(worked)  # with made-up arguments most calls are refused, but not all


def _readings(client: _Clients) -> dict[str, Any]:
    calls = [call for service in SAVED_SERVICES for call in reading(service) if call.operation not in _NOT_COMPARED]
    return {f"{call.service}:{call.operation}": client(call) for call in calls}
