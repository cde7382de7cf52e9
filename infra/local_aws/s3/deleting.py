"""DELETE of an object, a version, or many objects at once."""

from typing import Any

from moto.s3 import models as s3_models
from moto.s3 import notifications
from moto.s3.exceptions import MethodNotAllowed

from .disk import UnstorableKey
from .errors import RequestRefused
from .keys import DiskKeys
from .store import S3Store
from .versions import Version

_Event = notifications.S3NotificationEvent


def delete_object(
    backend: s3_models.S3Backend,
    store: S3Store,
    bucket_name: str,
    key_name: str,
    version_id: str | None = None,
    bypass: bool = False,
) -> tuple[bool, dict[str, Any]]:
    """`S3Backend.delete_object`: whether it deleted something, and the response headers."""
    bucket = backend.get_bucket(bucket_name)
    if not isinstance(bucket.keys, DiskKeys):
        raise MethodNotAllowed
    if version_id is not None:
        deleted = store.versions.delete_version(bucket_name, key_name, version_id)
        headers = {"version-id": version_id}
    else:
        deleted = _delete_current(store, bucket, key_name)
        headers = {"version-id": deleted.id} if deleted and bucket.versioning_status is not None else {}
    if deleted is None:
        return False, headers
    if deleted.is_delete_marker:
        headers["delete-marker"] = "true"
    made_marker = deleted.is_delete_marker and version_id is None
    event = _Event.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT if made_marker else _Event.OBJECT_REMOVED_DELETE_EVENT
    if made_marker or not deleted.is_delete_marker:
        notifications.send_event(backend.account_id, event, bucket, store.event_subject(bucket, deleted))
    return True, headers


def _delete_current(store: S3Store, bucket: s3_models.FakeBucket, key_name: str) -> Version | None:
    try:
        return store.versions.delete(bucket.name, key_name, bucket.versioning_status)
    except UnstorableKey as error:
        if bucket.versioning_status is None:
            return None  # a key that can't be stored doesn't exist
        raise RequestRefused(error.code, str(error)) from error


def delete_objects(
    backend: s3_models.S3Backend,
    store: S3Store,
    bucket_name: str,
    objects: list[dict[str, Any]],
    bypass_retention: bool = False,
) -> tuple[list[tuple[str, str | None, str | None]], list[str]]:
    """`S3Backend.delete_objects`: key, requested version and delete marker of each object, and the keys that failed."""
    deleted = []
    for entry in objects:
        key_name = entry["Key"]
        version_id = entry.get("VersionId")
        _, headers = delete_object(backend, store, bucket_name, key_name, version_id)
        marker = headers["version-id"] if "delete-marker" in headers else None
        deleted.append((key_name, version_id, marker))
    return deleted, []
