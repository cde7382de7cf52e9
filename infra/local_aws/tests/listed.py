"""A list of resources, as a program that uses the local AWS would have one."""

import json

from infra.local_aws import account
from infra.local_aws.provision import BucketDefinition, Resources, RoleDefinition

_GLUE = {"Service": "glue.amazonaws.com"}
_TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": _GLUE, "Action": "sts:AssumeRole"}]}
ROLE = RoleDefinition("listed-role", "Runs the listed job.", json.dumps(_TRUST), {})
ROLE_ARN = f"arn:aws:iam::{account.ID}:role/{ROLE.name}"
CRAWLER = {"Name": "listed-crawler", "Role": ROLE_ARN, "Targets": {"S3Targets": [{"Path": "s3://listed-bucket/t/"}]}}
JOB = {"Role": ROLE_ARN, "Command": {"Name": "glueetl", "ScriptLocation": "s3://listed-bucket/job.py"}}
ALARM = {
    "AlarmName": "listed-alarm",
    "Namespace": "Listed",
    "MetricName": "failures",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 0,
    "ComparisonOperator": "GreaterThanThreshold",
}


def resources() -> Resources:
    """One resource of each kind but classifiers."""
    return Resources(
        roles=[ROLE],
        buckets=[BucketDefinition("listed-bucket", "Enabled")],
        databases=["listed"],
        crawlers=[CRAWLER | {"DatabaseName": "listed"}],
        jobs={"listed-job": JOB},
        secrets=["listed-secret"],
        topics=["listed-topic"],
        alarms=[ALARM],
    )
