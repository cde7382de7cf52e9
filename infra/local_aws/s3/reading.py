"""GET and HEAD: versions, delete markers and archived objects, as S3 returns them."""

import functools
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.s3 import models as s3_models
from moto.s3.exceptions import InvalidArgumentError, MethodNotAllowed, MissingKey, MissingVersion, RangeNotSatisfiable
from moto.s3.responses import S3Response

from .keys import DeleteMarker, DiskKey, DiskKeys
from .store import S3Store


def get_object(
    backend: s3_models.S3Backend,
    store: S3Store,
    original: Callable[..., Any],
    bucket_name: str,
    key_name: str,
    version_id: str | None = None,
    part_number: str | None = None,
    return_delete_marker: bool = False,
) -> Any:
    """`S3Backend.get_object`. Buckets of S3 Tables stay moto's own."""
    bucket = backend.get_bucket(bucket_name)
    if not isinstance(bucket.keys, DiskKeys):
        return original(backend, bucket_name, key_name, version_id, part_number, return_delete_marker)
    if version_id is None and not return_delete_marker:
        return store.current(bucket, key_name)
    version = store.find(bucket, key_name, version_id)
    return version if isinstance(version, DiskKey) or return_delete_marker else None


def naming_delete_markers(store: S3Store, handler: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a handler so that a missing object is reported with the delete marker that hides it, or is the target."""

    @functools.wraps(handler)
    def respond(self: S3Response, *args: Any, **kwargs: Any) -> Any:
        version_id = self.querystring.get("versionId", [None])[0]
        if version_id == "":
            raise InvalidArgumentError("Version id cannot be the empty string", "versionId", "")
        try:
            return handler(self, *args, **kwargs)
        except (MissingKey, MissingVersion) as error:
            marker = store.find(self.backend.get_bucket(self.bucket_name), self.parse_key_name(), version_id)
            if not isinstance(marker, DeleteMarker):
                raise
            return _hidden_by(self, marker, error if version_id is None else None)

    return respond


def _hidden_by(response: S3Response, marker: DeleteMarker, error: Exception | None) -> Any:
    """The error NoSuchKey, or MethodNotAllowed if the request names the marker, which can only be deleted."""
    refusal = error or MethodNotAllowed(method=response.method, resource_type="DeleteMarker")
    status, headers, body = response.serialized(ActionResult(refusal))
    headers |= {"x-amz-delete-marker": "true", "x-amz-version-id": marker.version_id}
    if error is None:
        headers |= {"Allow": "DELETE", "Last-Modified": s3_models.rfc_1123_datetime(marker.last_modified)}
    return status, headers, body


def head_object(
    response: S3Response, bucket_name: str, query: dict[str, Any], key_name: str, headers: dict[str, Any]
) -> Any:
    """Handles HeadObject. Like GetObject, but it doesn't read the object, which may be archived."""
    response._set_action("KEY", "HEAD", query)
    response._authenticate_and_authorize_s3_action(bucket_name=bucket_name, key_name=key_name)
    key, not_modified = response._get_key(validate_storage_class=False)
    fields = {**key.metadata, **key.response_dict, "Accept-Ranges": "bytes"}
    if not_modified:
        return 304, {name: value for name, value in fields.items() if not name.lower().startswith("content-")}, ""
    if headers.get("x-amz-checksum-mode") == "ENABLED" and key.checksum_algorithm and key.checksum_value:
        composite = key.checksum_type == "COMPOSITE"
        value = f"{key.checksum_value}-{key.checksum_parts}" if composite else key.checksum_value
        fields[f"x-amz-checksum-{key.checksum_algorithm.lower()}"] = value
        if key.checksum_type:
            fields["x-amz-checksum-type"] = key.checksum_type
    part_number = response._get_int_param("partNumber")
    if part_number and not key.multipart:
        if part_number > 1:
            raise RangeNotSatisfiable
        return 206, fields | {"content-range": f"bytes 0-{key.size - 1}/{key.size}"}, ""
    return 200, fields, ""


def archived_or_not(_store: S3Store, get_key: Callable[..., Any]) -> Callable[..., Any]:
    """`S3Response._get_key`: reading an object's metadata doesn't need a restore."""

    @functools.wraps(get_key)
    def get(self: S3Response, validate_storage_class: bool = True) -> Any:
        reads_bytes = not {"acl", "tagging"} & self.querystring.keys()
        return get_key(self, validate_storage_class and reads_bytes)

    return get
