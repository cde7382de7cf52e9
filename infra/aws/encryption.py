"""The encryption key for the lake, warehouse, secrets, alerts and logs."""

from __future__ import annotations

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from aws_services import resources
from infra.aws.environments import Environment

_USE = ("kms:Decrypt", "kms:GenerateDataKey*")


def data_key(scope: Construct, environment: Environment) -> kms.Key:
    """The environment's key, which is rotated every year. Roles get access to it in their own policies.

    The key's policy gives control to the account (`kms:*` for its root, the CDK's default). Otherwise IAM policies
    would have no effect, and after a mistake here no one could administer the key.
    """
    key = kms.Key(
        scope,
        "Key",
        alias=f"alias/boxoffice-{environment.name}",
        description=f"Boxoffice {environment.name}: lake, warehouse, secrets, alerts, logs",
        enable_key_rotation=True,
        pending_window=Duration.days(30 if environment.keep_data else 7),
        removal_policy=RemovalPolicy.RETAIN if environment.keep_data else RemovalPolicy.DESTROY,
    )
    # Alarms and budgets send to an encrypted topic, so the services themselves need the key.
    ours = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
    for service in ("cloudwatch.amazonaws.com", "budgets.amazonaws.com"):
        key.add_to_resource_policy(_use_by(service, _USE, ours))
    logs = f"arn:aws:logs:{resources.REGION}:{Aws.ACCOUNT_ID}:log-group:*"
    key.add_to_resource_policy(
        _use_by(
            f"logs.{resources.REGION}.amazonaws.com",
            (*_USE, "kms:Encrypt", "kms:ReEncrypt*", "kms:DescribeKey"),
            {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": logs}},
        )
    )
    return key


def _use_by(service: str, actions: tuple[str, ...], conditions: dict[str, dict[str, str]]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal(service)],
        actions=[*actions],
        resources=["*"],  # in a key's policy: this key
        conditions=conditions,
    )
