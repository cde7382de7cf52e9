"""The buckets: the lake, the artifacts of the Glue jobs, and the access logs of both."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from aws_services import resources
from infra.aws.accepted import accept
from infra.aws.environments import Environment

_UNDO_DAYS = 30
"""How long a replaced or deleted object can be restored."""
_COLD_DAYS = 90
"""The age when raw and rejected data, which is kept forever and rarely read, moves to a cheaper storage class."""


class Storage(Construct):
    """Lake and artifact buckets: encrypted with our key, over TLS only, never public, versioned."""

    def __init__(self, scope: Construct, id: str, *, key: kms.IKey, environment: Environment) -> None:
        super().__init__(scope, id)
        self._removal = RemovalPolicy.RETAIN if environment.keep_data else RemovalPolicy.DESTROY
        self._key = key
        self._access_logs = self._access_log_bucket(environment)
        self.lake = self._bucket("Lake", resources.LAKE_BUCKET, _lake_lifecycle())
        self.artifacts = self._bucket("Artifacts", resources.ARTIFACT_BUCKET, [])

    def _bucket(self, id: str, name: str, lifecycle: list[s3.LifecycleRule]) -> s3.Bucket:
        return s3.Bucket(
            self,
            id,
            bucket_name=name,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self._key,
            bucket_key_enabled=True,  # one request to KMS for many objects
            enforce_ssl=True,
            minimum_tls_version=1.2,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=True,
            lifecycle_rules=[*lifecycle, _housekeeping()],
            server_access_logs_bucket=self._access_logs,
            server_access_logs_prefix=f"{name}/",
            removal_policy=self._removal,
        )

    def _access_log_bucket(self, environment: Environment) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "AccessLogs",
            bucket_name=resources.ACCESS_LOG_BUCKET,
            encryption=s3.BucketEncryption.S3_MANAGED,  # S3 delivers access logs only with this encryption
            enforce_ssl=True,
            minimum_tls_version=1.2,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(id="old-logs", expiration=Duration.days(environment.log_days)),
                _housekeeping(),
            ],
            removal_policy=self._removal,
        )
        why = "This bucket stores access logs; logging its own accesses would create an endless loop"
        accept(bucket, why, "AwsSolutions-S1", "CKV_AWS_18")
        return bucket


def _lake_lifecycle() -> list[s3.LifecycleRule]:
    """Deletes reproducible data after `STAGING_DAYS`. Raw, curated and rejected data and the list of runs are kept."""
    staging = Duration.days(resources.STAGING_DAYS)
    cold = s3.Transition(storage_class=s3.StorageClass.INTELLIGENT_TIERING, transition_after=Duration.days(_COLD_DAYS))
    return [
        s3.LifecycleRule(id="staged", prefix="staging/", expiration=staging),
        s3.LifecycleRule(id="counters", prefix="state/counters/", expiration=staging),
        s3.LifecycleRule(id="cold-raw", prefix="raw/", transitions=[cold]),
        s3.LifecycleRule(id="cold-quarantine", prefix="quarantine/", transitions=[cold]),
    ]


def _housekeeping() -> s3.LifecycleRule:
    """Deletes old versions of objects, and unfinished uploads."""
    return s3.LifecycleRule(
        id="housekeeping",
        noncurrent_version_expiration=Duration.days(_UNDO_DAYS),
        abort_incomplete_multipart_upload_after=Duration.days(7),
    )
