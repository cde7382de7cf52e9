"""Glue: databases, classifiers, crawlers and jobs, as `aws_services/resources.py` lists them.

The columns of a classifier are those of the entity's contract.
"""

from __future__ import annotations

import json

from aws_cdk import Aws
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from aws_services import resources
from infra.classifiers import CsvClassifier, csv_classifier

_CONFIGURATION = {
    "Version": 1.0,
    "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas"},
    "CrawlerOutput": {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}},
}


class Catalog(Construct):
    """Databases, and what writes and reads them. Logs and results are encrypted by one security configuration."""

    def __init__(
        self, scope: Construct, id: str, *, key: kms.IKey, crawler_role: iam.IRole, job_role: iam.IRole
    ) -> None:
        super().__init__(scope, id)
        security = self._security_configuration(key)
        databases = {name: self._database(name) for name in resources.DATABASES}
        classifiers = {
            classifier.name: self._classifier(csv_classifier(classifier)) for classifier in resources.CLASSIFIERS
        }
        for crawler in resources.CRAWLERS:
            made = self._crawler(crawler, crawler_role, security)
            made.add_resource_dependency(databases[crawler.database])
            for name in crawler.classifiers:
                made.add_resource_dependency(classifiers[name])
        for job in resources.JOBS:
            self._job(job, job_role, security)

    def _security_configuration(self, key: kms.IKey) -> glue.CfnSecurityConfiguration:
        encryption = glue.CfnSecurityConfiguration
        return glue.CfnSecurityConfiguration(
            self,
            "Security",
            name=f"boxoffice-{resources.SUFFIX}",
            encryption_configuration=encryption.EncryptionConfigurationProperty(
                s3_encryptions=[encryption.S3EncryptionProperty(s3_encryption_mode="SSE-KMS", kms_key_arn=key.key_arn)],
                cloud_watch_encryption=encryption.CloudWatchEncryptionProperty(
                    cloud_watch_encryption_mode="SSE-KMS", kms_key_arn=key.key_arn
                ),
                job_bookmarks_encryption=encryption.JobBookmarksEncryptionProperty(
                    job_bookmarks_encryption_mode="CSE-KMS", kms_key_arn=key.key_arn
                ),
            ),
        )

    def _database(self, name: str) -> glue.CfnDatabase:
        return glue.CfnDatabase(
            self, f"Database-{name}", catalog_id=Aws.ACCOUNT_ID, database_input={"name": name}, database_name=name
        )

    def _classifier(self, classifier: CsvClassifier) -> glue.CfnClassifier:
        return glue.CfnClassifier(
            self,
            f"Classifier-{classifier.name}",
            csv_classifier=glue.CfnClassifier.CsvClassifierProperty(
                name=classifier.name,
                delimiter=classifier.delimiter,
                quote_symbol=classifier.quote,
                contains_header=classifier.contains_header,
                header=[*classifier.header],
            ),
        )

    def _crawler(
        self, crawler: resources.Crawler, role: iam.IRole, security: glue.CfnSecurityConfiguration
    ) -> glue.CfnCrawler:
        made = glue.CfnCrawler(
            self,
            f"Crawler-{crawler.name}",
            name=crawler.name,
            role=role.role_arn,
            database_name=crawler.database,
            table_prefix=crawler.table_prefix or None,
            classifiers=[*crawler.classifiers] or None,
            targets={"s3Targets": [{"path": path, "exclusions": [*crawler.exclusions]} for path in crawler.targets]},
            schema_change_policy={"updateBehavior": "UPDATE_IN_DATABASE", "deleteBehavior": "DELETE_FROM_DATABASE"},
            configuration=json.dumps(_CONFIGURATION),
            crawler_security_configuration=security.name,
        )
        made.add_resource_dependency(security)
        return made

    def _job(self, job: resources.Job, role: iam.IRole, security: glue.CfnSecurityConfiguration) -> None:
        made = glue.CfnJob(
            self,
            f"Job-{job.name}",
            name=job.name,
            role=role.role_arn,
            command={"name": "glueetl", "scriptLocation": job.script_uri, "pythonVersion": "3"},
            default_arguments=job.default_arguments,
            glue_version=job.glue_version,
            worker_type=job.worker_type,
            number_of_workers=job.workers,
            timeout=job.timeout_minutes,
            max_retries=0,  # Airflow retries; two retrying at once would run the job twice
            execution_property={"maxConcurrentRuns": job.max_concurrent_runs},
            security_configuration=security.name,
        )
        made.add_resource_dependency(security)
