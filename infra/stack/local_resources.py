"""The list of `aws_services/resources.py` as the local AWS creates it. In an account, the CDK app does.

Roles, alarms and buckets come from the account's template, so that they are the same in both worlds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aws_services import resources
from infra.checkout import ROOT
from infra.classifiers import CsvClassifier, csv_classifier
from infra.local_aws import account
from infra.local_aws.provision import BucketDefinition, Resources, RoleDefinition
from infra.local_aws.provision import provision as create
from infra.stack.template import alarms, buckets, roles

_TEMPLATES = ROOT / "infra" / "aws"
_CRAWLER_CONFIGURATION = {
    "Version": 1.0,
    "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas"},
    "CrawlerOutput": {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}},
}


def provision(endpoint_url: str) -> None:
    """Create or update every listed resource. Raises botocore's ClientError when the server refuses one."""
    create(endpoint_url, local_resources())


def local_resources() -> Resources:
    """Every listed resource."""
    return Resources(
        roles=role_definitions(),
        buckets=bucket_definitions(),
        databases=resources.DATABASES,
        classifiers=[_classifier(csv_classifier(classifier)) for classifier in resources.CLASSIFIERS],
        crawlers=[_crawler(crawler) for crawler in resources.CRAWLERS],
        jobs={job.name: _job(job) for job in resources.JOBS},
        secrets=resources.SECRETS,
        topics=resources.TOPICS,
        alarms=alarm_definitions(),
        region=resources.REGION,
    )


def role_definitions() -> list[RoleDefinition]:
    """The roles of the environment's template."""
    return roles(_template(), account=account.ID, region=resources.REGION, suffix=resources.SUFFIX)


def alarm_definitions() -> list[dict[str, Any]]:
    """The alarms of the environment's template, as PutMetricAlarm takes them."""
    return alarms(_template(), account=account.ID, region=resources.REGION, suffix=resources.SUFFIX)


def bucket_definitions() -> list[BucketDefinition]:
    """The listed buckets, as the environment's template defines them."""
    return [bucket for bucket in buckets(_template(), suffix=resources.SUFFIX) if bucket.name in resources.BUCKETS]


def _template() -> Path:
    """The environment's template; that of `dev`, which is the same, where there is no account."""
    own = _TEMPLATES / f"{resources.SUFFIX}.template.json"
    return own if own.is_file() else _TEMPLATES / "dev.template.json"


def _classifier(classifier: CsvClassifier) -> dict[str, Any]:
    return {
        "Name": classifier.name,
        "Delimiter": classifier.delimiter,
        "QuoteSymbol": classifier.quote,
        "ContainsHeader": classifier.contains_header,
        "Header": [*classifier.header],
    }


def _crawler(crawler: resources.Crawler) -> dict[str, Any]:
    return {
        "Name": crawler.name,
        "Role": resources.CRAWLER_ROLE_ARN,
        "DatabaseName": crawler.database,
        "TablePrefix": crawler.table_prefix,
        "Classifiers": [*crawler.classifiers],
        "Targets": {"S3Targets": [{"Path": path, "Exclusions": [*crawler.exclusions]} for path in crawler.targets]},
        "SchemaChangePolicy": {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DELETE_FROM_DATABASE"},
        "Configuration": json.dumps(_CRAWLER_CONFIGURATION),
    }


def _job(job: resources.Job) -> dict[str, Any]:
    return {
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
