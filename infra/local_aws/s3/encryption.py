"""The encryption that S3 reports for an object: from the request, else the bucket's default, else S3's own keys.

The local S3 doesn't encrypt anything on disk.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
"""

from collections.abc import Mapping
from typing import Any

from moto.s3 import models as s3_models
from moto.s3.exceptions import InvalidArgumentError

_PREFIX = "x-amz-server-side-encryption"
_KMS = ("aws:kms", "aws:kms:dsse")
S3_MANAGED: dict[str, Any] = {
    "Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
}
"""The default encryption of a bucket without its own setting."""


def of_request(headers: Mapping[str, str], bucket: s3_models.FakeBucket) -> dict[str, Any]:
    """The encryption details of a new object, from request headers.

    Raises:
        InvalidArgumentError: S3 doesn't know the algorithm, or the request has a key that the algorithm doesn't use.
    """
    algorithm = headers.get(_PREFIX)
    key = headers.get(f"{_PREFIX}-aws-kms-key-id")
    if algorithm is not None and algorithm not in ("AES256", *_KMS):
        raise InvalidArgumentError("The encryption method specified is not supported", _PREFIX, algorithm)
    if key is not None and algorithm not in _KMS:
        message = f"Server Side Encryption with AWS KMS managed key requires HTTP header {_PREFIX} : aws:kms"
        raise InvalidArgumentError(message, _PREFIX, algorithm or "null")
    bucket_key = headers.get(f"{_PREFIX}-bucket-key-enabled")
    return details(bucket, algorithm, key, None if bucket_key is None else bucket_key.lower() == "true")


def details(
    bucket: s3_models.FakeBucket, algorithm: str | None, key: str | None, bucket_key: bool | None = None
) -> dict[str, Any]:
    """The encryption details of a new object."""
    rule = (bucket.encryption or S3_MANAGED)["Rule"]
    default = rule["ApplyServerSideEncryptionByDefault"]
    used = algorithm or default["SSEAlgorithm"]
    if used not in _KMS:
        return {"encryption": None if used == "AES256" else used}
    if key is None and used == default["SSEAlgorithm"]:
        key = default.get("KMSMasterKeyID")
    if bucket_key is None:
        bucket_key = rule.get("BucketKeyEnabled", "false") == "true" or None
    return {"encryption": used, "kms_key_id": key or _s3_key(bucket), "bucket_key_enabled": bucket_key}


def _s3_key(bucket: s3_models.FakeBucket) -> str:
    """The AWS key that KMS uses for S3 by default."""
    from moto.kms.models import kms_backends  # slow to import, and rarely needed

    backend = kms_backends[bucket.account_id][bucket.region_name]
    key_id = backend.get_key_id_from_alias("alias/aws/s3")
    return f"arn:{bucket.partition}:kms:{bucket.region_name}:{bucket.account_id}:key/{key_id}"
