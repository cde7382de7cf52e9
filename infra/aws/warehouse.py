"""Redshift Serverless: a private namespace (the data) and workgroup (the compute), with limits and audit logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_redshiftserverless as redshift
from aws_cdk import custom_resources as custom
from constructs import Construct

from aws_services import resources
from infra.aws import actors
from infra.aws.accepted import accept
from infra.aws.environments import Environment
from infra.aws.network import Network

_LONGEST_QUERY = 4 * 3600  # seconds: as long as a day's run may take
_PARAMETERS = {
    "require_ssl": "true",
    "enable_user_activity_logging": "true",
    "max_query_execution_time": str(_LONGEST_QUERY),
}


class Warehouse(Construct):
    """The warehouse. Redshift creates, stores and rotates the administrator's password, so no one needs to see it."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        network: Network,
        loader: iam.IRole,
        others: Sequence[iam.IRole],
        environment: Environment,
    ) -> None:
        super().__init__(scope, id)
        namespace = redshift.CfnNamespace(
            self,
            "Namespace",
            namespace_name=resources.WORKGROUP,
            db_name=resources.WAREHOUSE_DATABASE,
            admin_username="boxoffice_admin",
            manage_admin_password=True,
            admin_password_secret_kms_key_id=key.key_id,
            kms_key_id=key.key_arn,
            iam_roles=[role.role_arn for role in (loader, *others)],
            default_iam_role_arn=loader.role_arn,
            log_exports=["userlog", "connectionlog", "useractivitylog"],
            final_snapshot_name=f"{resources.WORKGROUP}-final" if environment.keep_data else None,
            final_snapshot_retention_period=365 if environment.keep_data else None,
        )
        if environment.keep_data:
            namespace.apply_removal_policy(RemovalPolicy.RETAIN)
        workgroup = redshift.CfnWorkgroup(
            self,
            "Workgroup",
            workgroup_name=resources.WORKGROUP,
            namespace_name=resources.WORKGROUP,
            base_capacity=environment.base_capacity,
            max_capacity=environment.max_capacity,
            publicly_accessible=False,
            enhanced_vpc_routing=True,  # COPY and Spectrum go through our endpoints, not the internet
            subnet_ids=[subnet.subnet_id for subnet in network.vpc.isolated_subnets],
            security_group_ids=[network.warehouse.security_group_id],
            config_parameters=[
                redshift.CfnWorkgroup.ConfigParameterProperty(parameter_key=name, parameter_value=value)
                for name, value in _PARAMETERS.items()
            ],
        )
        workgroup.add_resource_dependency(namespace)
        self.workgroup_arn = workgroup.attr_workgroup_workgroup_arn
        self._limit_use(environment)

    def _limit_use(self, environment: Environment) -> None:
        """When the RPU-hours of a day are used up, end running queries and refuse new ones until midnight UTC.

        CloudFormation has no resource for this, so a function of the CDK makes the three calls.
        """
        limit = {"amount": environment.daily_rpu_hours, "breachAction": "deactivate"}
        reference = {"usageLimitId": custom.PhysicalResourceIdReference()}
        definition = {"resourceArn": self.workgroup_arn, "usageType": "serverless-compute", "period": "daily", **limit}
        limit_id = custom.PhysicalResourceId.from_response("usageLimit.usageLimitId")
        custom.AwsCustomResource(
            self,
            "UsageLimit",
            function_name=resources.LIMITER_ROLE,
            role=actors.limiter(self),
            on_create=_call("createUsageLimit", definition, limit_id),
            on_update=_call("updateUsageLimit", {**reference, **limit}, limit_id),
            on_delete=_call("deleteUsageLimit", reference),
            install_latest_aws_sdk=False,
        )
        function = Stack.of(self).node.find_child(
            f"AWS{custom.AwsCustomResource.PROVIDER_FUNCTION_UUID}".replace("-", "")
        )
        why = (
            "CloudFormation runs it once and waits: it needs no network and no queue, and its failure fails the "
            "deployment"
        )
        accept(function, why, "CKV_AWS_115", "CKV_AWS_116", "CKV_AWS_117")
        accept(
            function, "The CDK refers to the role both as a dependency and as an attribute; both are correct", "W3005"
        )


def _call(
    action: str, parameters: dict[str, Any], physical_id: custom.PhysicalResourceId | None = None
) -> custom.AwsSdkCall:
    return custom.AwsSdkCall(
        service="RedshiftServerless", action=action, parameters=parameters, physical_resource_id=physical_id
    )
