"""Creates the resources in `aws_services/resources.py` on the local AWS, as the CDK app does in an account.

You can run it again at any time: it updates an existing resource to its definition, or leaves it unchanged.
`python -m infra.local_aws.provision URL` runs it in a separate process.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from aws_services import resources
from infra.local_aws import account
from infra.local_aws.template import BucketDefinition, RoleDefinition, alarms, buckets, roles

_TEMPLATES = Path(__file__).resolve().parents[1] / "aws"
_EXISTS = (
    "AlreadyExistsException",
    "BucketAlreadyExists",
    "BucketAlreadyOwnedByYou",
    "EntityAlreadyExists",
    "ResourceExistsException",
)
_CRAWLER_CONFIGURATION = {
    "Version": 1.0,
    "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas"},
    "CrawlerOutput": {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}},
}
_PLACEHOLDER = "not-set"


def provision(endpoint_url: str) -> None:
    """Creates or updates all resources. Raises botocore's ClientError if the server refuses one."""
    session: Any = boto3.Session("local", "local", region_name=resources.REGION)

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=endpoint_url)

    s3, glue, secrets, sns, iam, cloudwatch = map(client, ("s3", "glue", "secretsmanager", "sns", "iam", "cloudwatch"))
    for role in role_definitions():
        _role(iam, role)
    for bucket in bucket_definitions():
        _bucket(s3, bucket)
    for database in resources.DATABASES:
        _create(glue.create_database, DatabaseInput={"Name": database})
    for classifier in resources.CLASSIFIERS:
        _classifier(glue, classifier)
    for crawler in resources.CRAWLERS:
        _crawler(glue, crawler)
    for job in resources.JOBS:
        _job(glue, job)
    for secret in resources.SECRETS:
        _create(secrets.create_secret, Name=secret, SecretString=_PLACEHOLDER)
    for topic in resources.TOPICS:
        sns.create_topic(Name=topic)
    for alarm in alarm_definitions():
        cloudwatch.put_metric_alarm(**alarm)


def _create(create: Callable[..., Any], **arguments: Any) -> bool:
    """True if the resource was created, False if it existed."""
    try:
        create(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] in _EXISTS:
            return False
        raise
    return True


def role_definitions() -> list[RoleDefinition]:
    """The roles in the environment's template."""
    return roles(_template(), account=account.ID, region=resources.REGION, suffix=resources.SUFFIX)


def alarm_definitions() -> list[dict[str, Any]]:
    """The alarms in the environment's template, in the form of PutMetricAlarm."""
    return alarms(_template(), account=account.ID, region=resources.REGION, suffix=resources.SUFFIX)


def bucket_definitions() -> list[BucketDefinition]:
    """The buckets of the resources, as the environment's template defines them."""
    return [bucket for bucket in buckets(_template(), suffix=resources.SUFFIX) if bucket.name in resources.BUCKETS]


def _template() -> Path:
    """The environment's template. Without an account, it is that of `dev`, which is the same."""
    own_template = _TEMPLATES / f"{resources.SUFFIX}.template.json"
    return own_template if own_template.is_file() else _TEMPLATES / "dev.template.json"


def _role(iam: Any, role: RoleDefinition) -> None:
    """Creates or updates a role so that it has exactly these policies."""
    is_new = _create(
        iam.create_role, RoleName=role.name, Description=role.description, AssumeRolePolicyDocument=role.trust
    )
    if not is_new:
        iam.update_assume_role_policy(RoleName=role.name, PolicyDocument=role.trust)
        for name in set(iam.list_role_policies(RoleName=role.name)["PolicyNames"]) - role.policies.keys():
            iam.delete_role_policy(RoleName=role.name, PolicyName=name)
    for name, document in role.policies.items():
        iam.put_role_policy(RoleName=role.name, PolicyName=name, PolicyDocument=document)


def _bucket(s3: Any, bucket: BucketDefinition) -> None:
    """Creates or updates a bucket with the template's versioning and lifecycle."""
    _create(s3.create_bucket, Bucket=bucket.name)
    if bucket.versioning:
        s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": bucket.versioning})
    rules = bucket.lifecycle_rules
    if rules:
        s3.put_bucket_lifecycle_configuration(Bucket=bucket.name, LifecycleConfiguration={"Rules": rules})


def _classifier(glue: Any, classifier: resources.Classifier) -> None:
    definition = {
        "Name": classifier.name,
        "Delimiter": classifier.delimiter,
        "QuoteSymbol": classifier.quote,
        "ContainsHeader": classifier.contains_header,
        "Header": [*classifier.header],
    }
    if not _create(glue.create_classifier, CsvClassifier=definition):
        glue.update_classifier(CsvClassifier=definition)


def _crawler(glue: Any, crawler: resources.Crawler) -> None:
    definition = {
        "Name": crawler.name,
        "Role": resources.CRAWLER_ROLE_ARN,
        "DatabaseName": crawler.database,
        "TablePrefix": crawler.table_prefix,
        "Classifiers": [*crawler.classifiers],
        "Targets": {"S3Targets": [{"Path": path, "Exclusions": [*crawler.exclusions]} for path in crawler.targets]},
        "SchemaChangePolicy": {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DELETE_FROM_DATABASE"},
        "Configuration": json.dumps(_CRAWLER_CONFIGURATION),
    }
    if not _create(glue.create_crawler, **definition):
        glue.update_crawler(**definition)


def _job(glue: Any, job: resources.Job) -> None:
    definition = {
        "Role": resources.JOB_ROLE_ARN,
        "Command": {"Name": "glueetl", "ScriptLocation": job.script_uri, "PythonVersion": "3"},
        "DefaultArguments": job.default_arguments,
        "GlueVersion": job.glue_version,
        "WorkerType": job.worker_type,
        "NumberOfWorkers": job.workers,
        "Timeout": job.timeout_minutes,
        "MaxRetries": 0,
        "ExecutionProperty": {"MaxConcurrentRuns": job.max_concurrent_runs},
    }
    if not _create(glue.create_job, Name=job.name, **definition):
        glue.update_job(JobName=job.name, JobUpdate=definition)


if __name__ == "__main__":
    provision(sys.argv[1])
