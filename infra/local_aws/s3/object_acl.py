"""PutObjectAcl, and the headers that carry an access control list.

A bucket that enforces its owner (`BucketOwnerEnforced`) has no lists. A new bucket of an account does so until told
otherwise; a local one only when it is told to.
"""

import functools
from collections.abc import Callable
from typing import Any

from moto.s3 import models as s3_models
from moto.s3 import notifications
from moto.s3.exceptions import InvalidArgumentError, MethodNotAllowed, MissingKey, MissingVersion
from moto.s3.responses import S3Response

from . import acl
from .errors import Refused
from .keys import DeleteMarker

_HARMLESS = ("private", "bucket-owner-full-control")
"""Lists that say what holds anyway when the owner is enforced: S3 takes the second; the first is its default."""


def put_object_acl(self: S3Response) -> Any:
    """Answers PutObjectAcl: a canned list, grants in headers, or a list as XML."""
    version_id, key_name = self._get_param("versionId"), self.parse_key_name()
    key = self.backend.get_object(self.bucket_name, key_name, version_id=version_id, return_delete_marker=True)
    if isinstance(key, DeleteMarker):
        raise MethodNotAllowed(method="PUT", resource_type="DeleteMarker")
    if key is None:
        raise MissingVersion(key=key_name, version_id=version_id) if version_id else MissingKey(key=key_name)
    bucket = self.backend.get_bucket(self.bucket_name)
    asked = self._acl_from_headers(self.headers)
    if asked is None:
        if bucket.ownership_rule == "BucketOwnerEnforced":
            raise _not_supported()
        asked = self._acl_from_body() or s3_models.FakeAcl([])
    key.set_acl(asked)
    event = notifications.S3NotificationEvent.OBJECT_ACL_UPDATE_EVENT
    notifications.send_event(self.backend.account_id, event, bucket, key)
    return 200, self._get_cors_headers_other(), ""


def checking(_store: Any, from_headers: Callable[..., Any]) -> Callable[..., Any]:
    """The list in a request's headers; refuses a canned list that S3 does not have, or a bucket without lists."""

    @functools.wraps(from_headers)
    def checked(self: S3Response, headers: Any) -> s3_models.FakeAcl | None:
        canned = headers.get("x-amz-acl")
        if canned is not None and canned not in acl.CANNED:
            raise InvalidArgumentError("", "x-amz-acl", canned)
        found = from_headers(self, headers)
        if found is None:
            return None
        bucket = self.backend.buckets.get(self.bucket_name)
        if bucket is not None and bucket.ownership_rule == "BucketOwnerEnforced" and canned not in _HARMLESS:
            raise _not_supported()
        return acl.flat(found)

    return checked


def _not_supported() -> Refused:
    return Refused("AccessControlListNotSupported", "The bucket does not allow ACLs")
