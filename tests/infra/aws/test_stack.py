"""The content of each environment's template: encryption, privacy, limits, jobs, alarms."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import assertions

from tests.infra.aws.synthesis import Synthesized

Match = assertions.Match


@pytest.fixture
def template(stack: Synthesized) -> Any:
    return assertions.Template.from_string(stack.text)


def test_the_template_that_is_kept_is_the_one_that_the_code_makes(stack: Synthesized) -> None:
    kept = stack.kept.read_text(encoding="utf-8")
    # not `==` in the assert: pytest would spend minutes on the difference
    stale = kept != stack.text
    assert not stale, f"{stack.kept.name} is stale: run python -m infra.aws --env {stack.environment} --write"


def test_the_template_names_no_account_and_needs_no_files_of_this_machine(stack: Synthesized) -> None:
    assert "Parameters" not in stack.template
    assert "123456789012" not in stack.text
    assert "cdk.out" not in stack.text


def test_buckets_are_private_versioned_and_lake_and_artifacts_encrypted_with_our_key(template: Any) -> None:
    template.all_resources_properties(
        "AWS::S3::Bucket",
        {
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            "VersioningConfiguration": {"Status": "Enabled"},
        },
    )
    encrypted = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": Match.any_value()}
    rule = {"ServerSideEncryptionConfiguration": [Match.object_like({"ServerSideEncryptionByDefault": encrypted})]}
    template.resource_properties_count_is("AWS::S3::Bucket", {"BucketEncryption": rule}, 2)


def test_buckets_are_reached_over_tls_only(template: Any) -> None:
    template.resource_count_is("AWS::S3::Bucket", 3)
    template.resource_count_is("AWS::S3::BucketPolicy", 3)
    refused = {"Effect": "Deny", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    statements = Match.array_with([Match.object_like(refused)])
    template.all_resources_properties("AWS::S3::BucketPolicy", {"PolicyDocument": {"Statement": statements}})


def test_only_what_can_be_made_again_is_ever_deleted_from_the_lake(stack: Synthesized) -> None:
    [lake] = [bucket for bucket in stack.of_type("AWS::S3::Bucket") if "-lake-" in bucket["Properties"]["BucketName"]]
    rules = lake["Properties"]["LifecycleConfiguration"]["Rules"]
    assert {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule} == {
        "staging/": 14,
        "state/counters/": 14,
    }


def test_the_warehouse_is_private_bounded_encrypted_and_audited(template: Any) -> None:
    template.has_resource_properties(
        "AWS::RedshiftServerless::Workgroup",
        {
            "PubliclyAccessible": False,
            "EnhancedVpcRouting": True,
            "BaseCapacity": Match.any_value(),
            "MaxCapacity": Match.any_value(),
            "SubnetIds": [Match.any_value()] * 3,
            "ConfigParameters": Match.array_with([{"ParameterKey": "require_ssl", "ParameterValue": "true"}]),
        },
    )
    template.has_resource_properties(
        "AWS::RedshiftServerless::Namespace",
        {
            "KmsKeyId": Match.any_value(),
            "ManageAdminPassword": True,
            "AdminUserPassword": Match.absent(),
            "LogExports": ["userlog", "connectionlog", "useractivitylog"],
        },
    )
    template.resource_count_is("AWS::EC2::InternetGateway", 0)
    template.resource_count_is("AWS::EC2::NatGateway", 0)


def test_a_day_of_the_warehouse_has_a_limit(stack: Synthesized) -> None:
    [limit] = stack.of_type("Custom::AWS")
    calls = {name: json.dumps(limit["Properties"][name]) for name in ("Create", "Update", "Delete")}
    hours = {"dev": 24, "prod": 256}[stack.environment]
    for name in ("Create", "Update"):
        assert f'\\"amount\\":{hours}' in calls[name]
        assert '\\"breachAction\\":\\"deactivate\\"' in calls[name]
    assert "deleteUsageLimit" in calls["Delete"]


def test_the_warehouse_takes_connections_from_named_networks_only(stack: Synthesized) -> None:
    open_to = {
        rule["CidrIp"]
        for group in stack.of_type("AWS::EC2::SecurityGroup")
        for rule in group["Properties"]["SecurityGroupIngress"]
    }
    assert open_to == {"dev": {"10.40.0.0/24"}, "prod": {"10.41.0.0/24"}}[stack.environment]


def test_jobs_scale_by_themselves_and_log_encrypted(template: Any) -> None:
    template.all_resources_properties(
        "AWS::Glue::Job",
        {
            "GlueVersion": "5.1",
            "Timeout": 60,
            "NumberOfWorkers": 4,
            "SecurityConfiguration": Match.any_value(),
            "DefaultArguments": Match.object_like(
                {
                    "--enable-auto-scaling": "true",
                    "--enable-metrics": "true",
                    "--enable-continuous-cloudwatch-log": "true",
                }
            ),
        },
    )
    template.all_resources_properties("AWS::Glue::Crawler", {"CrawlerSecurityConfiguration": Match.any_value()})


def test_the_catalog_is_the_one_that_the_local_aws_has(stack: Synthesized) -> None:
    local = "local"

    def names(kind: str, name: Any) -> set[str]:
        return {name(resource["Properties"]).replace(stack.environment, local) for resource in stack.of_type(kind)}

    from aws_services import resources

    ours = resources.SUFFIX
    assert names("AWS::Glue::Crawler", lambda it: it["Name"]) == {
        crawler.name.replace(ours, local) for crawler in resources.CRAWLERS
    }
    assert names("AWS::Glue::Job", lambda it: it["Name"]) == {job.name.replace(ours, local) for job in resources.JOBS}
    assert {database["Properties"]["DatabaseInput"]["Name"] for database in stack.of_type("AWS::Glue::Database")} == {
        *resources.DATABASES
    }


def test_no_secret_has_its_value_in_the_template(template: Any) -> None:
    absent = {"SecretString": Match.absent(), "GenerateSecretString": Match.absent(), "KmsKeyId": Match.any_value()}
    template.all_resources_properties("AWS::SecretsManager::Secret", absent)


def test_every_alarm_tells_somebody_and_every_pipeline_has_its_own(stack: Synthesized) -> None:
    alarms = [resource["Properties"] for resource in stack.of_type("AWS::CloudWatch::Alarm")]
    assert all(alarm["AlarmActions"] for alarm in alarms)
    names = {alarm["AlarmName"].removeprefix(f"boxoffice-{stack.environment}-") for alarm in alarms}
    for pipeline in ("ticketmaster_daily", "tickit_load"):
        assert {f"{pipeline}-{kind}" for kind in ("failed", "quality", "rejects", "silent")} <= names


def test_alarms_and_budget_may_send_to_the_encrypted_topic(stack: Synthesized) -> None:
    [topic], [key] = stack.of_type("AWS::SNS::TopicPolicy"), stack.of_type("AWS::KMS::Key")
    for service in ("cloudwatch.amazonaws.com", "budgets.amazonaws.com"):
        for policy, action in ((topic["Properties"]["PolicyDocument"], "sns:Publish"), (_policy(key), "kms:Decrypt")):
            assert any(
                statement["Principal"] == {"Service": service} and action in _several(statement["Action"])
                for statement in policy["Statement"]
            )


def test_only_what_prod_holds_outlives_its_stack(stack: Synthesized) -> None:
    kept = {
        kind: {resource["DeletionPolicy"] for resource in stack.of_type(kind)}
        for kind in ("AWS::S3::Bucket", "AWS::KMS::Key")
    }
    deletion_policy = "Retain" if stack.environment == "prod" else "Delete"
    assert kept == {"AWS::S3::Bucket": {deletion_policy}, "AWS::KMS::Key": {deletion_policy}}


def _policy(key: dict[str, Any]) -> dict[str, Any]:
    return key["Properties"]["KeyPolicy"]


def _several(actions: str | list[str]) -> list[str]:
    return [actions] if isinstance(actions, str) else actions
