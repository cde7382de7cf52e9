"""Calls of every operation that moto implements, made from botocore's models: with what is required, and with all."""

import importlib
import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.model import OperationModel, Shape, StructureShape
from moto.core.responses import BaseResponse

from infra.local_aws import account
from infra.local_aws.tests.api_calls import Arguments

ACCOUNT, REGION = account.ID, "us-east-1"
READING = ("Get", "List", "BatchGet", "Describe", "Search", "Query", "Check", "Filter", "Test", "Simulate", "Lookup")
_ENDING = (
    "Delete",
    "BatchDelete",
    "Remove",
    "Detach",
    "Untag",
    "Unsubscribe",
    "Stop",
    "Cancel",
    "Disassociate",
    "Reset",
)
_FIRST = (
    "CreateDatabase",
    "CreateTable",
    "CreateRegistry",
    "CreateSchema",
    "CreateUser",
    "CreateRole",
    "CreateGroup",
    "CreatePolicy",
    "CreateInstanceProfile",
    "CreateTopic",
    "CreatePlatformApplication",
    "CreateLogGroup",
    "Create",
    "PutDelivery",
    "Upload",
)
"""Others need what these make; in this order."""
_NOT_CALLED = ("StartLiveTail",)  # answers from another host name
_ALWAYS = (
    "UserName",
    "RegistryId",
    "StorageDescriptor",
    "DataFormat",
    "SchemaDefinition",
    "Compatibility",
    "logGroupName",
)
_DEPTH = 4
_POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}],
    }
)
_MEMBERS: dict[str, Any] = {
    "AssumeRolePolicyDocument": TRUST,
    "PolicyDocument": _POLICY,
    "policyDocument": _POLICY,
    "ResourcePolicy": _POLICY,
    "Policy": _POLICY,
    "Path": "/",
    "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/thing",
    "PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/thing",
    "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/thing",
    "roleArn": f"arn:aws:iam::{ACCOUNT}:role/thing",
    "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:thing",
    "AddReplicaRegions": [{"Region": "eu-west-1"}],
    "SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/thing",
    "StackName": None,
    "Command": {"Name": "pythonshell", "ScriptLocation": "s3://no-bucket/none.py"},
    "Targets": {"S3Targets": [{"Path": "s3://no-bucket/t/"}]},
    "MaxRetries": 0,
    "Protocol": "email",
    "Endpoint": "a@example.com",
    "Url": "https://example.com",
    "DataFormat": "AVRO",
    "SchemaDefinition": '{"type": "record", "name": "r", "fields": []}',
    "DashboardBody": "{}",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "RetentionInDays": 7,
    "retentionInDays": 7,
    "SecretString": "thing",
    "RecoveryWindowInDays": 7,
    "VersionStage": "AWSCURRENT",
    "NextToken": None,
    "nextToken": None,
    "Marker": None,
    "CatalogId": ACCOUNT,
    "RegistryId": {"RegistryName": "thing"},
    "SchemaId": {"RegistryName": "thing", "SchemaName": "thing"},
    "SchemaVersionNumber": {"LatestVersion": True},
    "Compatibility": "NONE",
    "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "bigint"}], "Location": "s3://no-bucket/t/"},
    "PartitionKeys": [{"Name": "d", "Type": "string"}],
    "CodeGenConfigurationNodes": None,
    "AllocatedCapacity": None,
    "MaxCapacity": None,
    "PolicyHashCondition": None,
    "Configuration": '{"Version": 1.0}',
    "Classifiers": None,
    "OpenTableFormatInput": None,
    "SchemaVersionId": None,
    "SecretBinary": None,
    "RotationLambdaARN": None,
    "PlatformApplicationArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:app/ADM/thing",
    "EndpointArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:thing",
    "SAMLProviderArn": f"arn:aws:iam::{ACCOUNT}:saml-provider/thing",
    "OpenIDConnectProviderArn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.com",
    "AWSServiceName": "lex.amazonaws.com",
    "ActionName": ["Publish"],
    "Platform": "ADM",
    "PhoneNumber": None,
    "TargetArn": None,
    "MessageAttributes": None,
    "VersionId": "v1",
}
"""Values that are valid, or that name something which exists, by the member's name. None: leave it out."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a client."""

    service: str
    operation: str
    arguments: dict[str, Any]

    @property
    def method(self) -> str:
        """The client's method."""
        return xform_name(self.operation)


def operations(service: str) -> Iterator[OperationModel]:
    """The operations of a service that moto implements."""
    responses = importlib.import_module(f"moto.{service}.responses")
    implemented: set[str] = set()
    for _, kind in inspect.getmembers(responses, inspect.isclass):
        if issubclass(kind, BaseResponse) and kind is not BaseResponse:
            implemented |= {name for name in dir(kind) if not hasattr(BaseResponse, name)}
    model = botocore.session.get_session().get_service_model(service)
    for name in model.operation_names:
        if xform_name(name) in implemented:
            yield model.operation_model(name)


def changing(service: str) -> Iterator[Call]:
    """Calls that create or change, the ones first that others need; each with what is required, then with all."""
    models = [model for model in operations(service) if not model.name.startswith((*READING, *_ENDING, *_NOT_CALLED))]
    for is_full in (False, True):
        for model in sorted(models, key=_order):
            yield Call(service, model.name, _arguments(model, is_full))


def _order(model: OperationModel) -> int:
    return next((number for number, name in enumerate(_FIRST) if model.name.startswith(name)), len(_FIRST))


def reading(service: str) -> Iterator[Call]:
    """Calls that read."""
    for model in operations(service):
        if model.name.startswith(READING):
            yield Call(service, model.name, _arguments(model, is_full=False))


def _arguments(model: OperationModel, is_full: bool) -> dict[str, Any]:
    name = "every" if is_full and model.name.startswith("Create") else "thing"
    return _Meaningful(name, is_full).of(model)


class _Meaningful(Arguments):
    """Arguments that are valid, or that name something which exists.

    Args:
        name: for what is named.
        is_full: whether optional members get a value, too.
    """

    def __init__(self, name: str, is_full: bool) -> None:
        self._name, self._is_full = name, is_full

    def members(self, shape: StructureShape, depth: int) -> list[str]:
        return [
            member
            for member in shape.members
            if member in shape.required_members
            or member in _ALWAYS
            or (self._is_full and depth < _DEPTH and _MEMBERS.get(member, "") is not None)
        ]

    def known(self, member: str, shape: Shape) -> Any:
        value = _MEMBERS.get(member)
        return value if value is not None and _fits(value, shape) else None

    def text(self, member: str, shape: Shape) -> str:
        return self._name.ljust(shape.metadata.get("min", 0), "x")


def _fits(value: Any, shape: Shape) -> bool:
    kinds: dict[str, Any] = {"string": str, "list": list, "structure": dict, "integer": int, "double": float}
    if isinstance(shape, StructureShape) and isinstance(value, dict) and not value.keys() <= shape.members.keys():
        return False
    return isinstance(value, kinds.get(shape.type_name, object))
