"""The warehouse's private network, without connections from or to the internet."""

from __future__ import annotations

from aws_cdk import Fn, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.aws.environments import Environment

_PORT = ec2.Port.tcp(5439)
_ZONES = 3  # the minimum for Redshift Serverless


class Network(Construct):
    """Three isolated subnets with endpoints for S3 and the Glue catalog. The Data API needs no endpoint."""

    def __init__(self, scope: Construct, id: str, *, key: kms.IKey, environment: Environment) -> None:
        super().__init__(scope, id)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(environment.network),
            availability_zones=[Fn.select(zone, Fn.get_azs()) for zone in range(_ZONES)],
            subnet_configuration=[
                ec2.SubnetConfiguration(name="warehouse", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=26)
            ],
            restrict_default_security_group=False,  # this would need a Lambda function, and the group isn't used
            gateway_endpoints={"S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)},
        )
        self._log_flows(key, environment)
        self.warehouse = self._group("Warehouse", "The warehouse: BI tools come in, the endpoints are gone out to")
        for network in (environment.network, *environment.analysts):
            self.warehouse.add_ingress_rule(ec2.Peer.ipv4(network), _PORT, "SQL over TLS")
        # The warehouse's traffic stays in this network, so without this endpoint it couldn't read external schemas.
        endpoints = self._group("Endpoints", "The Glue catalog, as seen from the warehouse")
        endpoints.add_ingress_rule(ec2.Peer.ipv4(environment.network), ec2.Port.tcp(443), "The catalog's API")
        self.vpc.add_interface_endpoint(
            "Glue", service=ec2.InterfaceVpcEndpointAwsService.GLUE, security_groups=[endpoints], open=False
        )

    def _group(self, id: str, description: str) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(self, id, vpc=self.vpc, description=description, allow_all_outbound=True)

    def _log_flows(self, key: kms.IKey, environment: Environment) -> None:
        group = logs.LogGroup(
            self,
            "Flows",
            log_group_name=f"/boxoffice/{environment.name}/network",
            encryption_key=key,
            removal_policy=RemovalPolicy.DESTROY,
        )
        group.node.default_child.retention_in_days = environment.log_days
        role = iam.Role(self, "FlowWriter", assumed_by=iam.ServicePrincipal("vpc-flow-logs.amazonaws.com"))
        self.vpc.add_flow_log("FlowLog", destination=ec2.FlowLogDestination.to_cloud_watch_logs(group, role))
