"""PutObjectAcl, and the request headers with an access control list (ACL).

A bucket with `BucketOwnerEnforced` has no ACLs. In an account, this is the default of a new bucket; here you have to
set it.
"""

import functools
from collections.abc import Callable
from typing import Any

from moto.s3 import models as s3_models
from moto.s3 import notifications
from moto.s3.exceptions import InvalidArgumentError, MethodNotAllowed, MissingKey, MissingVersion
from moto.s3.responses import S3Response

from . import acl
from .errors import RequestRefused
from .keys import DeleteMarker

_HARMLESS = ("private", "bucket-owner-full-control")
"""ACLs without effect when the owner is enforced. S3 accepts the second; the first is its default."""


def put_object_acl(self: S3Response) -> Any:
    """Handles PutObjectAcl: a canned ACL, grants in headers, or an ACL as XML."""
    version_id = self._get_param("versionId")
    key_name = self.parse_key_name()
    key = self.backend.get_object(self.bucket_name, key_name, version_id=version_id, return_delete_marker=True)
    if isinstance(key, DeleteMarker):
        raise MethodNotAllowed(method="PUT", resource_type="DeleteMarker")
    if key is None:
        raise MissingVersion(key=key_name, version_id=version_id) if version_id else MissingKey(key=key_name)
    bucket = self.backend.get_bucket(self.bucket_name)
    access_list = self._acl_from_headers(self.headers)
    if access_list is None:
        if bucket.ownership_rule == "BucketOwnerEnforced":
            raise _not_supported()
        access_list = self._acl_from_body() or s3_models.FakeAcl([])
    key.set_acl(access_list)
    event = notifications.S3NotificationEvent.OBJECT_ACL_UPDATE_EVENT
    notifications.send_event(self.backend.account_id, event, bucket, key)
    return 200, self._get_cors_headers_other(), ""


def checking(_store: Any, from_headers: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps the reading of ACL headers. Refuses an unknown canned ACL, and any ACL for a bucket without ACLs."""

    @functools.wraps(from_headers)
    def acl_from_headers(self: S3Response, headers: Any) -> s3_models.FakeAcl | None:
        canned = headers.get("x-amz-acl")
        if canned is not None and canned not in acl.CANNED:
            raise InvalidArgumentError("", "x-amz-acl", canned)
        access_list = from_headers(self, headers)
        if access_list is None:
            return None
        bucket = self.backend.buckets.get(self.bucket_name)
        if bucket is not None and bucket.ownership_rule == "BucketOwnerEnforced" and canned not in _HARMLESS:
            raise _not_supported()
        return acl.flat(access_list)

    return acl_from_headers


def _not_supported() -> RequestRefused:
    return RequestRefused("AccessControlListNotSupported", "The bucket does not allow ACLs")
