"""Creates resources on a running local AWS, from a list that its caller makes.

You can run it again at any time: it updates an existing resource to its definition, or leaves it unchanged.
`python -m infra.local_aws.provision URL MODULE:FUNCTION` runs it in a separate process, with the list that the function
returns.
"""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError

_EXISTS = (
    "AlreadyExistsException",
    "BucketAlreadyExists",
    "BucketAlreadyOwnedByYou",
    "EntityAlreadyExists",
    "ResourceExistsException",
)
_PLACEHOLDER = "not-set"


@dataclass(frozen=True, slots=True)
class RoleDefinition:
    """A role in the form of IAM's API. The documents are JSON texts, the policies by name."""

    name: str
    description: str
    trust: str
    policies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BucketDefinition:
    """The properties of a bucket that decide how S3 keeps its objects. The rules have the form of S3's API."""

    name: str
    versioning: str | None = None
    lifecycle_rules: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Resources:
    """The resources to create. The definitions have the form of boto3's arguments.

    Attributes:
        roles: with these policies and no others.
        buckets: with their versioning and lifecycle.
        databases: of the Glue catalog, by name.
        classifiers: `CsvClassifier` of Glue's CreateClassifier.
        crawlers: arguments of Glue's CreateCrawler.
        jobs: arguments of Glue's CreateJob without the name, by the job's name.
        secrets: names of secrets; each has a placeholder until you put a value.
        topics: names of SNS topics.
        alarms: arguments of CloudWatch's PutMetricAlarm.
        region: the region of all of them.
    """

    roles: Sequence[RoleDefinition] = ()
    buckets: Sequence[BucketDefinition] = ()
    databases: Sequence[str] = ()
    classifiers: Sequence[Mapping[str, Any]] = ()
    crawlers: Sequence[Mapping[str, Any]] = ()
    jobs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    secrets: Sequence[str] = ()
    topics: Sequence[str] = ()
    alarms: Sequence[Mapping[str, Any]] = ()
    region: str = "us-east-1"


def provision(endpoint_url: str, resources: Resources) -> None:  # noqa: C901  one branch a kind of resource
    """Creates or updates all resources. Raises botocore's ClientError if the server refuses one."""
    session: Any = boto3.Session("local", "local", region_name=resources.region)

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=endpoint_url)

    s3, glue, secrets, sns, iam, cloudwatch = map(client, ("s3", "glue", "secretsmanager", "sns", "iam", "cloudwatch"))
    for role in resources.roles:
        _role(iam, role)
    for bucket in resources.buckets:
        _bucket(s3, bucket)
    for database in resources.databases:
        _create(glue.create_database, DatabaseInput={"Name": database})
    for classifier in resources.classifiers:
        if not _create(glue.create_classifier, CsvClassifier=classifier):
            glue.update_classifier(CsvClassifier=classifier)
    for crawler in resources.crawlers:
        if not _create(glue.create_crawler, **crawler):
            glue.update_crawler(**crawler)
    for name, job in resources.jobs.items():
        if not _create(glue.create_job, Name=name, **job):
            glue.update_job(JobName=name, JobUpdate=job)
    for secret in resources.secrets:
        _create(secrets.create_secret, Name=secret, SecretString=_PLACEHOLDER)
    for topic in resources.topics:
        sns.create_topic(Name=topic)
    for alarm in resources.alarms:
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
    """Creates or updates a bucket with its versioning and lifecycle."""
    _create(s3.create_bucket, Bucket=bucket.name)
    if bucket.versioning:
        s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": bucket.versioning})
    rules = list(bucket.lifecycle_rules)
    if rules:
        s3.put_bucket_lifecycle_configuration(Bucket=bucket.name, LifecycleConfiguration={"Rules": rules})


def main(url: str, function: str) -> None:
    """Creates the resources that a function returns. `function` has the form `module:function`."""
    module, _, name = function.partition(":")
    provision(url, getattr(importlib.import_module(module), name)())


if __name__ == "__main__":
    main(*sys.argv[1:])
