"""A bucket's configuration (versioning, policy, lifecycle, tags, encryption…), which survives a restart.

moto keeps it in attributes of the bucket, and tags elsewhere. Here all of it is one entry of the index. It is written
after each request that changed it and before the request is answered.
"""

import functools
from collections.abc import Callable
from typing import Any

import xmltodict
from moto.s3 import models as s3_models
from moto.s3.exceptions import MalformedXML
from moto.s3.responses import S3Response

from ..room import require_room
from ..state.decoding import decode
from ..state.encoding import encode
from . import encryption
from .disk import ROOM_FOR_DETAILS
from .errors import RequestRefused, not_implemented, refuse_locks
from .index import S3Index
from .keys import DiskKeys
from .store import S3Store

KEPT = (
    *("versioning_status", "policy", "lifecycle", "rules", "encryption", "acl", "cors", "ownership_rule"),
    *("public_access_block", "notification_configuration", "website_configuration", "logging", "payer"),
    *("accelerate_configuration", "inventory_configs", "replication", "bucket_namespace"),
)
"""The attributes of moto's bucket that are saved. `lifecycle` and `replication` exist only after a put."""


def _tagger(bucket: s3_models.FakeBucket) -> Any:
    return s3_models.s3_backends[bucket.account_id][bucket.partition].tagger


def save(index: S3Index, bucket: Any) -> None:
    """Saves a bucket's configuration if it has changed."""
    if not isinstance(bucket.keys, DiskKeys):
        return
    attributes = {name: vars(bucket)[name] for name in KEPT if vars(bucket).get(name)}
    tags = _tagger(bucket).get_tag_dict_for_resource(bucket.arn)
    configuration = encode({**attributes, "tags": tags}).as_json()
    if configuration != index.configuration(bucket.name):
        index.configure(bucket.name, configuration)


def restore(index: S3Index, bucket: s3_models.FakeBucket) -> None:
    """Loads a bucket's configuration into moto's bucket."""
    configuration = index.configuration(bucket.name)
    if not configuration:
        return
    attributes = decode(configuration)
    tags = [{"Key": key, "Value": value} for key, value in attributes.pop("tags", {}).items()]
    vars(bucket).update({name: value for name, value in attributes.items() if name in KEPT})
    _tagger(bucket).tag_resource(bucket.arn, tags)


def saving(store: S3Store, handler: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a handler of PUT or DELETE of a bucket or one of its configurations, and saves the change."""

    @functools.wraps(handler)
    def respond(self: S3Response, *args: Any) -> Any:
        response = handler(self, *args)
        bucket = self.backend.buckets.get(self.bucket_name)
        if bucket is not None:
            save(store.index, bucket)
        return response

    return respond


def saving_tags(store: S3Store, change: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a backend method of the Resource Groups Tagging API that changes a bucket's tags by ARN, and saves them."""

    @functools.wraps(change)
    def change_and_save(self: s3_models.S3Backend, arn: str, tags: Any) -> Any:
        response = change(self, arn, tags)
        save(store.index, self.get_bucket(arn.rpartition(":")[2]))
        return response

    return change_and_save


def checking(store: S3Store, handler: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a PUT of a bucket or one of its configurations. Refuses object lock and invalid versioning.

    It also refuses a change, before it happens, if the disk is full.
    """

    @functools.wraps(handler)
    def respond(self: S3Response, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        require_room(store.disk.root, ROOM_FOR_DETAILS)
        if request.headers.get("x-amz-bucket-object-lock-enabled", "").lower() == "true":
            refuse_locks()
        if "versioning" in querystring:
            _check_versioning(self.body)
        return handler(self, request, bucket_name, querystring)

    return respond


def _check_versioning(body: bytes) -> None:
    """Raises S3ClientError for a versioning configuration that S3 refuses."""
    try:
        configuration = xmltodict.parse(body)["VersioningConfiguration"] or {}
    except (KeyError, TypeError, xmltodict.expat.ExpatError):
        raise MalformedXML from None
    if configuration.get("MfaDelete") == "Enabled" or configuration.get("MFADelete") == "Enabled":
        raise not_implemented("deleting with a second factor (MfaDelete).")
    if "Status" not in configuration:
        message = "The Versioning element must be specified"
        raise RequestRefused("IllegalVersioningConfigurationException", message)
    if configuration["Status"] not in ("Enabled", "Suspended"):
        raise MalformedXML


def get_bucket_encryption(backend: s3_models.S3Backend, bucket_name: str) -> dict[str, Any]:
    """`S3Backend.get_bucket_encryption`. By default, S3 encrypts a bucket with its own keys."""
    return backend.get_bucket(bucket_name).encryption or encryption.S3_MANAGED
