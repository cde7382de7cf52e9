"""Roles, alarms and buckets of a CloudFormation template, resolved as CloudFormation would do it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.local_aws.provision import BucketDefinition, RoleDefinition


class UnknownReference(LookupError):
    """The template has a reference that can't be resolved without CloudFormation. The message names it."""


def roles(path: Path, *, account: str, region: str, suffix: str) -> list[RoleDefinition]:
    """The roles of a template that have a name.

    Args:
        path: the template, as JSON.
        account: the value of `AWS::AccountId`.
        region: the value of `AWS::Region`.
        suffix: the environment to use in names: `-dev` at the end of a name, for example, becomes `-local`.

    Raises:
        UnknownReference: a role has a reference that can't be resolved here.
    """
    return [
        RoleDefinition(
            properties["RoleName"],
            properties.get("Description", ""),
            json.dumps(properties["AssumeRolePolicyDocument"]),
            {policy["PolicyName"]: json.dumps(policy["PolicyDocument"]) for policy in properties.get("Policies", [])},
        )
        for properties in _properties(path, "AWS::IAM::Role", "RoleName", account, region, suffix)
    ]


def alarms(path: Path, *, account: str, region: str, suffix: str) -> list[dict[str, Any]]:
    """The alarms of a template that have a name, in the form of PutMetricAlarm. Arguments and errors as in `roles`."""
    return list(_properties(path, "AWS::CloudWatch::Alarm", "AlarmName", account, region, suffix))


def _properties(path: Path, kind: str, name: str, account: str, region: str, suffix: str) -> Iterator[dict[str, Any]]:
    """The properties of the template's resources of one kind that have a name."""
    resources = _resources(path, suffix)
    resolve = _Resolver(resources, account, region)
    for resource in resources.values():
        if resource["Type"] == kind and name in resource["Properties"]:
            yield resolve(resource["Properties"])


def buckets(path: Path, *, suffix: str) -> list[BucketDefinition]:
    """The buckets of a template, with only these properties. Arguments as in `roles`."""
    return [
        BucketDefinition(
            properties["BucketName"],
            properties.get("VersioningConfiguration", {}).get("Status"),
            [_lifecycle_rule(rule) for rule in properties.get("LifecycleConfiguration", {}).get("Rules", [])],
        )
        for properties in (
            resource["Properties"]
            for resource in _resources(path, suffix).values()
            if resource["Type"] == "AWS::S3::Bucket"
        )
    ]


def _lifecycle_rule(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule in the form of S3's API. CloudFormation uses other names for some parts."""
    changed = {name: part for name, part in rule.items() if name in _SAME_RULE_PARTS}
    changed |= {"ID": rule["Id"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if days := rule.get("ExpirationInDays"):
        changed["Expiration"] = {"Days": days}
    if transitions := rule.get("Transitions"):
        changed["Transitions"] = [
            {"StorageClass": transition["StorageClass"], "Days": transition["TransitionInDays"]}
            for transition in transitions
        ]
    if unknown := rule.keys() - _SAME_RULE_PARTS - _OTHER_RULE_PARTS:
        raise UnknownReference(f"lifecycle rule {rule['Id']}: {', '.join(sorted(unknown))}")
    return changed


_SAME_RULE_PARTS = {"Status", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"}
_OTHER_RULE_PARTS = {"Id", "Prefix", "ExpirationInDays", "Transitions"}


def _resources(path: Path, suffix: str) -> dict[str, Any]:
    environment = path.name.partition(".")[0]
    text = re.sub(rf"(boxoffice(?:[-/][a-z]+)*[-/]){environment}\b", rf"\g<1>{suffix}", path.read_text("utf-8"))
    resources: dict[str, Any] = json.loads(text)["Resources"]
    return resources


class _Resolver:
    """Resolves `Ref`, `Fn::Join` and `Fn::GetAtt`."""

    def __init__(self, resources: dict[str, Any], account: str, region: str) -> None:
        self._resources = resources
        self._account = account
        self._region = region

    def __call__(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self(item) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(name, argument)] = value.items()
            if name == "Ref":
                return self._reference(argument)
            if name == "Fn::Join":
                return argument[0].join(map(str, self(argument[1])))
            if name == "Fn::GetAtt":
                return self._attribute(*argument)
        return {name: self(item) for name, item in value.items()}

    def _reference(self, name: str) -> str:
        pseudo_parameters = {"AWS::AccountId": self._account, "AWS::Region": self._region, "AWS::Partition": "aws"}
        if name in pseudo_parameters:
            return pseudo_parameters[name]
        resource = self._resources.get(name, {})
        if resource.get("Type") == "AWS::SNS::Topic" and "TopicName" in resource["Properties"]:
            return f"arn:aws:sns:{self._region}:{self._account}:{resource['Properties']['TopicName']}"
        raise UnknownReference(f"Ref {name}")

    def _attribute(self, name: str, attribute: str) -> str:
        resource = self._resources[name]
        location = f"{self._region}:{self._account}"
        if resource["Type"] == "AWS::KMS::Key" and attribute == "Arn":
            return f"arn:aws:kms:{location}:key/{name}"
        if resource["Type"] == "AWS::RedshiftServerless::Workgroup" and attribute == "Workgroup.WorkgroupArn":
            return f"arn:aws:redshift-serverless:{location}:workgroup/{resource['Properties']['WorkgroupName']}"
        raise UnknownReference(f"Fn::GetAtt {name}.{attribute} ({resource['Type']})")
