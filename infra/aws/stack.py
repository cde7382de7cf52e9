"""The stack of one environment: its parts and their dependencies."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack, Tags
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from aws_services import resources
from infra.aws import actors
from infra.aws.accepted import accept
from infra.aws.catalog import Catalog
from infra.aws.encryption import data_key
from infra.aws.environments import Environment
from infra.aws.monitoring import Alerts, Monitoring, budget
from infra.aws.network import Network
from infra.aws.storage import Storage
from infra.aws.warehouse import Warehouse


class BoxofficeStack(Stack):
    """Lake, catalog, jobs, warehouse, roles, alerts and budget of one environment."""

    def __init__(self, scope: Construct, id: str, *, environment: Environment, **stack: Any) -> None:
        super().__init__(scope, id, **stack)
        Tags.of(self).add("application", "boxoffice")
        Tags.of(self).add("environment", environment.name)

        key = data_key(self, environment)
        Storage(self, "Storage", key=key, environment=environment)
        _secrets(self, key, environment)
        alerts = Alerts(self, "Alerts", key=key)

        network = Network(self, "Network", key=key, environment=environment)
        database = actors.database_roles(self, key.key_arn)
        warehouse = Warehouse(
            self,
            "Warehouse",
            key=key,
            network=network,
            loader=database.loader,
            others=[database.catalog],
            environment=environment,
        )

        crawler = actors.crawler(self, key.key_arn)
        job = actors.glue_job(self, key.key_arn, warehouse.workgroup_arn)
        extractor = actors.extractor(self, key.key_arn, warehouse.workgroup_arn)
        analyst = actors.analyst(self, warehouse.workgroup_arn)
        Catalog(self, "Catalog", key=key, crawler_role=crawler, job_role=job)

        Monitoring(self, "Monitoring", alerts=alerts, environment=environment)
        budget(self, alerts, environment)
        _outputs(self, extractor, analyst)


def _secrets(scope: Construct, key: kms.IKey, environment: Environment) -> None:
    """Secrets without a value. A person with the API key adds it, so that no template contains it."""
    for name in resources.SECRETS:
        secret = secretsmanager.CfnSecret(
            scope, f"Secret-{name}", name=name, kms_key_id=key.key_arn, description="An API key, added by hand"
        )
        if environment.keep_data:
            secret.apply_removal_policy(RemovalPolicy.RETAIN)
        accept(secret, "The API's provider issues the key, so AWS cannot rotate it", "AwsSolutions-SMG4")


def _outputs(scope: Construct, extractor: iam.IRole, analyst: iam.IRole) -> None:
    """The values that Airflow and BI tools are configured with."""
    CfnOutput(scope, "AirflowRole", value=extractor.role_arn, description="Airflow's tasks run as this role")
    CfnOutput(scope, "AnalystRole", value=analyst.role_arn, description="Analysts and BI tools read as this role")
    CfnOutput(scope, "Workgroup", value=resources.WORKGROUP, description="Redshift Serverless workgroup")
