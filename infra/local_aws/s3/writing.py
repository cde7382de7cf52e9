"""PUT, COPY and the completion of multipart uploads. An object and all its details are written at once."""

import functools
import hashlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from moto.core.responses import ActionResult
from moto.s3 import models as s3_models
from moto.s3 import notifications
from moto.s3.exceptions import (
    CopyObjectMustChangeSomething,
    InvalidStorageClass,
    MissingKey,
    MissingVersion,
    NoSuchUpload,
    ObjectNotInActiveTierError,
    PreconditionFailed,
)
from moto.s3.responses import S3Response
from moto.s3.utils import ARCHIVE_STORAGE_CLASSES, compute_checksum, metadata_from_headers

from . import acl, archive, conditions, encryption, tagging
from .errors import RequestRefused, refuse_locks
from .keys import DEFAULT_CONTENT_TYPE, DeleteMarker, DiskKey
from .store import S3Store

_Event = notifications.S3NotificationEvent


def _storage_class(requested: str | None) -> str | None:
    if requested is not None and requested not in s3_models.STORAGE_CLASS:
        raise InvalidStorageClass(storage=requested)
    return None if requested == "STANDARD" else requested


def _metadata(source: Any) -> dict[str, str] | None:
    """Content headers and user metadata, or None if they are the default."""
    headers = {name.lower(): value for name, value in source.items()}
    coding = [
        part for part in headers.pop("content-encoding", "").split(",") if part.strip() not in ("", "aws-chunked")
    ]
    if coding:
        headers["content-encoding"] = ",".join(coding)
    headers = {"content-type": DEFAULT_CONTENT_TYPE, **headers}
    return None if headers == {"content-type": DEFAULT_CONTENT_TYPE} else headers


def _acl(access_list: s3_models.FakeAcl | None) -> list[dict[str, str]] | None:
    return None if access_list is None else acl.to_json(access_list)


def put_object(store: S3Store, response: S3Response) -> Any:
    """Handles PutObject. The caller has checked its conditions."""
    bucket = response.backend.get_bucket(response.bucket_name)
    _refuse_locks(response)
    headers = response._get_cors_headers_other()
    algorithm, checksum = response._get_checksum(headers)
    details = {
        **encryption.of_request(response.headers, bucket),
        "storage_class": _storage_class(response.headers.get("x-amz-storage-class")),
        "metadata": _metadata(
            {**metadata_from_headers(response.headers), **metadata_from_headers(response.querystring)}
        ),
        "acl": _acl(response._acl_from_headers(response.headers)),
        "tags": tagging.from_headers(response.headers),
        "redirect": response.headers.get("x-amz-website-redirect-location"),
        "checksum_algorithm": algorithm or None,
        "checksum_value": checksum,
    }
    key = _write(store, bucket, response.parse_key_name(), response.body or b"", details)
    notifications.send_event(response.backend.account_id, _Event.OBJECT_CREATED_PUT_EVENT, bucket, key)
    return 200, headers | key.write_headers, ""


def put_from_backend(
    backend: s3_models.S3Backend,
    store: S3Store,
    bucket_name: str,
    key_name: str,
    value: bytes | str,
    storage: str | None = None,
    etag: str | None = None,
    encryption: str | None = None,
    kms_key_id: str | None = None,
    lock_mode: str | None = None,
    lock_legal_status: str | None = None,
    lock_until: str | None = None,
    checksum_value: str | None = None,
    request_method: str | None = "PUT",
    disable_notification: bool | None = False,
    **_unused: Any,
) -> DiskKey:
    """`S3Backend.put_object`, which moto's other services and browser forms call."""
    if lock_mode or lock_until or lock_legal_status:
        refuse_locks()
    bucket = backend.get_bucket(bucket_name)
    body = value.encode() if isinstance(value, str) else value
    details = {
        **encryption_details(bucket, encryption, kms_key_id),
        "etag": etag,
        "storage_class": _storage_class(storage),
        "checksum_value": checksum_value,
    }
    key = _write(store, bucket, key_name, body, details)
    if not disable_notification:
        posted = request_method == "POST"
        event = _Event.OBJECT_CREATED_POST_EVENT if posted else _Event.OBJECT_CREATED_PUT_EVENT
        notifications.send_event(backend.account_id, event, bucket, key)
    return key


encryption_details = encryption.details


def _write(
    store: S3Store, bucket: s3_models.FakeBucket, key_name: str, body: bytes, details: dict[str, Any]
) -> DiskKey:
    etag = details.get("etag") or hashlib.md5(body).hexdigest()  # noqa: S324
    return store.put(bucket, key_name, body, {**details, "etag": etag})


def _refuse_locks(response: S3Response) -> None:
    names = ("x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date", "x-amz-object-lock-legal-hold")
    if any(response.headers.get(name) for name in names):
        refuse_locks()


def copy_object(store: S3Store, response: S3Response) -> Any:
    """Handles CopyObject. The caller has checked its conditions."""
    bucket = response.backend.get_bucket(response.bucket_name)
    key_name = response.parse_key_name()
    _refuse_locks(response)
    source, asked_version = _copy_source(store, response)
    headers = response.headers
    details = {
        **encryption.of_request(headers, bucket),
        "storage_class": _storage_class(headers.get("x-amz-storage-class")),
        "metadata": _metadata(source.metadata),
        "acl": _acl(response._acl_from_headers(headers)),
        "tags": source.tags,
        "redirect": headers.get("x-amz-website-redirect-location"),
        "checksum_algorithm": source.checksum_algorithm,
        "checksum_value": source.checksum_value,
        "checksum_type": source.checksum_type,
        "checksum_parts": source.checksum_parts,
    }
    if headers.get("x-amz-metadata-directive") == "REPLACE":
        details["metadata"] = _metadata(metadata_from_headers(headers))
    elif not asked_version and (source.bucket_name, source.name) == (bucket.name, key_name):
        _require_change(headers, bucket)
    if headers.get("x-amz-tagging-directive") == "REPLACE":
        details["tags"] = tagging.from_headers(headers)
    body = source.value
    if algorithm := headers.get("x-amz-checksum-algorithm"):
        details |= {"checksum_algorithm": algorithm, "checksum_type": None, "checksum_parts": None}
        details["checksum_value"] = compute_checksum(body, algorithm=algorithm).decode()
    key = _write(store, bucket, key_name, body, details)
    notifications.send_event(response.backend.account_id, _Event.OBJECT_CREATED_COPY_EVENT, bucket, key)
    return _copy_response(response, source, key)


def _require_change(headers: Any, bucket: s3_models.FakeBucket) -> None:
    """Refuses a copy of an object onto itself that changes nothing."""
    changing = ("x-amz-storage-class", "x-amz-server-side-encryption", "x-amz-website-redirect-location")
    if not bucket.encryption and not any(headers.get(name) for name in changing):
        raise CopyObjectMustChangeSomething


def _copy_source(store: S3Store, response: S3Response) -> tuple[DiskKey, str | None]:
    """The object to copy, and the requested version."""
    header = response.headers["x-amz-copy-source"]
    text = header.decode() if isinstance(header, bytes) else header
    parts = urlsplit(f"//host/{text.lstrip('/')}")
    bucket_name, _, key_name = unquote(parts.path).lstrip("/").partition("/")
    version_id = parse_qs(parts.query).get("versionId", [None])[0]
    source = store.find(response.backend.get_bucket(bucket_name), key_name, version_id)
    if isinstance(source, DeleteMarker) and version_id is not None:
        message = "The source of a copy request may not specifically refer to a delete marker by version id."
        raise RequestRefused("InvalidRequest", message)
    if source is None and version_id is not None:
        raise MissingVersion(key=key_name, version_id=version_id)
    if not isinstance(source, DiskKey):
        raise MissingKey(key=key_name)
    _check_source(response, source)
    return source, version_id


def _check_source(response: S3Response, source: DiskKey) -> None:
    tag = source.etag.strip('"')
    if_match = response.headers.get("x-amz-copy-source-if-match")
    if_none_match = response.headers.get("x-amz-copy-source-if-none-match")
    if if_match and if_match.strip('"') != tag:
        raise PreconditionFailed("x-amz-copy-source-If-Match")
    if if_none_match and if_none_match.strip('"') == tag:
        raise PreconditionFailed("x-amz-copy-source-If-None-Match")
    if source.storage_class in ARCHIVE_STORAGE_CLASSES and not archive.is_readable(source.restore_details):
        raise ObjectNotInActiveTierError(source.name)


def _copy_response(response: S3Response, source: DiskKey, key: DiskKey) -> Any:
    result = {"ETag": key.etag, "LastModified": key.last_modified_ISO8601}
    if key.checksum_value and key.checksum_algorithm:
        result[f"Checksum{key.checksum_algorithm}"] = key.checksum_value
    response.data["Action"] = "CopyObject"
    status, headers, body = response.serialized(ActionResult({"CopyObjectResult": result}))
    headers |= response._get_cors_headers_other() | key.write_headers
    if source.is_versioned:
        headers["x-amz-copy-source-version-id"] = source.version_id
    return status, headers, body


def complete_multipart_upload(
    backend: s3_models.S3Backend,
    store: S3Store,
    bucket_name: str,
    multipart_id: str,
    body: Iterator[tuple[int, str]],
) -> DiskKey:
    """`S3Backend.complete_multipart_upload`."""
    bucket = backend.get_bucket(bucket_name)
    upload = bucket.multiparts.get(multipart_id)
    if upload is None:
        raise NoSuchUpload(upload_id=multipart_id)
    value, etag, checksum = upload.complete(body)
    details = {
        **encryption.details(bucket, upload.sse_encryption, upload.kms_key_id),
        "etag": etag,
        "upload_id": multipart_id,
        "storage_class": _storage_class(upload.storage),
        "metadata": _metadata(upload.metadata),
        "acl": _acl(upload.acl),
        "tags": tagging.checked([*(upload.tags or {}).items()]),
    }
    if checksum:
        names = ("checksum_type", "checksum_value", "checksum_parts")
        details |= dict(zip(names, checksum, strict=True))
        details["checksum_algorithm"] = upload.metadata.get("x-amz-checksum-algorithm")
    key = _write(store, bucket, upload.key_name, value, details)
    del bucket.multiparts[multipart_id]
    upload.dispose()  # the parts are one file now, so free their buffers
    event = _Event.OBJECT_CREATED_COMPLETE_MULTIPART_UPLOAD_EVENT
    notifications.send_event(backend.account_id, event, bucket, key)
    return key


def of_upload(_store: S3Store, upload_part: Callable[..., Any]) -> Callable[..., Any]:
    """`S3Backend.upload_part` and `upload_part_copy`. Refuses an upload that doesn't exist."""

    @functools.wraps(upload_part)
    def upload_existing(
        self: s3_models.S3Backend, bucket_name: str, multipart_id: str, *args: Any, **kwargs: Any
    ) -> Any:
        if multipart_id not in self.get_bucket(bucket_name).multiparts:
            raise NoSuchUpload(upload_id=multipart_id)
        return upload_part(self, bucket_name, multipart_id, *args, **kwargs)

    return upload_existing


def post_to_key(store: S3Store, handler: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps POST to a key: completing an upload is a conditional write, and a restore is ours. moto does the rest."""

    @functools.wraps(handler)
    def post(
        self: S3Response, request: Any, body: bytes, bucket_name: str, query: dict[str, Any], key_name: str
    ) -> Any:
        if "restore" in query:
            return archive.restore_object(store.disk, self, key_name)
        if "uploadId" not in query:
            return handler(self, request, body, bucket_name, query, key_name)
        with store.disk.lock(bucket_name, key_name):
            existing = self.backend.get_object(bucket_name, key_name)
            repeated = existing is not None and existing.multipart and existing.multipart.id == query["uploadId"][0]
            if not repeated:
                conditions.check(self, key_name)
            status, headers, content = handler(self, request, body, bucket_name, query, key_name)
        if self.backend.get_bucket(bucket_name).versioning_status is None:
            headers.pop("x-amz-version-id", None)
        return status, headers, content

    return post
