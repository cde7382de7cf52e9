"""A lake on the local AWS that Spark reads and writes at the same addresses as S3."""

from __future__ import annotations

import uuid

import boto3
import pytest

from aws_services.s3 import S3
from lake.store import Lake


@pytest.fixture(scope="module")
def lake(local_aws, spark) -> Lake:
    """An empty lake bucket."""
    bucket = f"glue-jobs-{uuid.uuid4().hex[:8]}"
    boto3.client("s3").create_bucket(Bucket=bucket)
    hadoop = spark.sparkContext._jsc.hadoopConfiguration()
    hadoop.set("fs.s3.impl", "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme")
    directory = local_aws.state_dir / "s3" / bucket
    hadoop.set(f"fs.viewfs.mounttable.{bucket}.linkFallback", f"file://{directory}/")
    return Lake(S3(), bucket)
