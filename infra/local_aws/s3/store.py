"""Makes moto's S3 keep its objects on disk, and closes the gaps where moto would be kinder than S3.

moto keeps every object in memory. Here its bucket gets a key store that is a view of `S3Disk`: what another program
wrote into the directory a moment ago is there, what it deleted is gone, and a listing reads names, never bodies.
Conditional writes (`If-Match`, `If-None-Match: *`) are checked and carried out under one lock per key, for plain,
copied and multipart objects alike.

Not kept, and therefore refused with `NotImplemented` rather than silently ignored: object versions, object lock,
legal holds and retention. Object ACLs and tags live in memory only and are gone after a restart, like a multipart
upload that was not completed.
"""

import base64
import datetime
import functools
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

from moto.s3 import models as s3_models
from moto.s3 import notifications
from moto.s3.exceptions import InvalidContinuationToken, MissingKey, NoSuchUpload, PreconditionFailed, S3ClientError
from moto.s3.responses import S3Response
from moto.utilities.utils import LowercaseDict

from infra.local_aws import account as own_account
from infra.local_aws.s3.disk import S3Disk, Stamp, UnstorableKey
from infra.local_aws.s3.index import S3Index

_DEFAULT_CONTENT_TYPE = "binary/octet-stream"
_LOOKS = 20
_PRIVATE = s3_models.get_canned_acl("private")


class _Refused(S3ClientError):
    """An S3 error of any code, serialised by moto like its own."""


class _Changed(Exception):
    """The file is no longer the one that was looked up."""


class S3Store:
    """The disk and the index of one server, and where bytes become moto objects."""

    def __init__(self, root: Path) -> None:
        self.disk = S3Disk(root)
        self.index = S3Index(self.disk.root / ".index.sqlite")

    def close(self) -> None:
        """Closes the index."""
        self.index.close()

    def object_path(self, uri: str) -> Path:
        """The file of `s3://bucket/key`, whether it exists or not."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return self.disk.path_of(bucket, key)


class DiskKey(s3_models.FakeKey):
    """An object as moto sees it; its bytes stay on disk until somebody asks for them.

    What moto sets on it after a put (metadata, checksum) is written through to the index.
    """

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        """Skips moto's tracking of every instance, which would keep them all in memory for ever."""
        return object.__new__(cls)

    def __init__(
        self, store: S3Store, bucket: s3_models.FakeBucket, name: str, stamp: Stamp, details: dict[str, Any]
    ) -> None:
        s3_models.ManagedState.__init__(self, "s3::keyrestore", [(None, "IN_PROGRESS"), ("IN_PROGRESS", "RESTORED")])
        self._store, self._stamp, self._details = store, stamp, details
        self.name = name
        self.bucket_name = bucket.name
        self.account_id, self.region_name, self.partition = bucket.account_id, bucket.region_name, bucket.partition
        self.last_modified = datetime.datetime.fromtimestamp(stamp.mtime_ns / 1e9, datetime.UTC).replace(tzinfo=None)
        self.acl = _PRIVATE
        self.contentsize = stamp.size
        self.disposed = True
        self._storage_class = details.get("storage_class", "STANDARD")
        self._metadata = LowercaseDict()
        self._metadata.update(details.get("metadata") or {"Content-Type": _DEFAULT_CONTENT_TYPE})
        self._expiry = None
        self._version_id = None
        self._is_versioned = False
        self.website_redirect_location = details.get("redirect")
        self.encryption = details.get("encryption")
        self.kms_key_id = details.get("kms_key_id")
        self.bucket_key_enabled = details.get("bucket_key_enabled")
        self.lock_mode = self.lock_legal_status = self.lock_until = None

    def _keep(self, name: str, value: Any) -> None:
        if self._details.get(name) != value:
            self._details[name] = value
            self._store.index.remember(self.bucket_name, self.name, self._stamp, self._details)

    @property
    def path(self) -> Path:
        """The object's file."""
        return self._store.disk.path_of(self.bucket_name, self.name)

    @property
    def value(self) -> bytes:
        """The bytes, read now.

        Raises:
            MissingKey: another program has deleted them since the object was looked up.
            _Changed: another program has replaced them, so that they would not match ETag and length.
        """
        try:
            with self.path.open("rb") as file:
                status = os.fstat(file.fileno())
                if (status.st_mtime_ns, status.st_size, status.st_ino) != self._stamp:
                    raise _Changed(self.name)
                return file.read()
        except FileNotFoundError:
            raise MissingKey(key=self.name) from None

    @property
    def etag(self) -> str:
        """The MD5 of what was put, or for a file written by another program a tag made from its stamp."""
        known = self._details.get("etag")
        return f'"{known}"' if known else f'"{hashlib.md5(repr(self._stamp).encode()).hexdigest()}-1"'  # noqa: S324

    def set_metadata(self, metadata: Any, replace: bool = False) -> None:
        """Sets content headers and user metadata, and remembers them across restarts."""
        super().set_metadata(metadata, replace)
        if dict(self._metadata) != {"content-type": _DEFAULT_CONTENT_TYPE}:
            self._keep("metadata", dict(self._metadata))

    @property
    def checksum_algorithm(self) -> str | None:
        """The algorithm of the checksum the client sent, if any."""
        return self._details.get("checksum_algorithm")

    @checksum_algorithm.setter
    def checksum_algorithm(self, value: str | None) -> None:
        self._keep("checksum_algorithm", value)

    @property
    def checksum_value(self) -> str | None:
        """The checksum the client sent, if any."""
        return self._details.get("checksum_value")

    @checksum_value.setter
    def checksum_value(self, value: str | None) -> None:
        self._keep("checksum_value", value)

    @property
    def checksum_type(self) -> str | None:
        """COMPOSITE or FULL_OBJECT."""
        return self._details.get("checksum_type")

    @checksum_type.setter
    def checksum_type(self, value: str | None) -> None:
        self._keep("checksum_type", value)

    @property
    def checksum_parts(self) -> int | None:
        """How many parts a composite checksum covers."""
        return self._details.get("checksum_parts")

    @checksum_parts.setter
    def checksum_parts(self, value: int | None) -> None:
        self._keep("checksum_parts", value)

    @property
    def multipart(self) -> Any:
        """The finished upload that made the object, so that completing it twice is no error; else None."""
        upload = self._details.get("upload_id")
        return SimpleNamespace(id=upload, partlist=[], parts={}) if upload else None

    def dispose(self, garbage: bool = False) -> None:
        """Nothing to close: there is no buffer."""


class DiskKeys:
    """The key store of one bucket, in the form moto asks for: a mapping of key to its (only) version."""

    def __init__(self, store: S3Store, bucket: s3_models.FakeBucket) -> None:
        self._store, self._bucket = store, bucket

    def get(self, key: str, default: Any = None) -> Any:
        """The object, or the default. A key that cannot be stored is simply not there."""
        try:
            stamp = self._store.disk.stamp_of(self._bucket.name, key)
        except UnstorableKey:
            return default
        if stamp is None:
            return default
        details = self._store.index.details(self._bucket.name, key, stamp)
        return DiskKey(self._store, self._bucket, key, stamp, details)

    def __getitem__(self, key: str) -> DiskKey:
        found: DiskKey | None = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def __bool__(self) -> bool:
        return not self._store.disk.is_empty(self._bucket.name)

    def __len__(self) -> int:
        return sum(1 for _ in self._store.disk.keys(self._bucket.name))

    def getlist(self, key: str, default: Any = None) -> Any:
        """All versions of a key: one, or the default."""
        found = self.get(key)
        return default if found is None else [found]

    def items(self) -> Iterator[tuple[str, DiskKey]]:
        """Every key and its object, in key order."""
        for key in sorted(self._store.disk.keys(self._bucket.name)):
            if (found := self.get(key)) is not None:
                yield key, found

    def values(self) -> Iterator[DiskKey]:
        """Every object, in key order."""
        return (value for _, value in self.items())

    def iterlists(self) -> Iterator[tuple[str, list[DiskKey]]]:
        """Every key and its versions, in key order."""
        return ((key, [value]) for key, value in self.items())

    lists = iterlists

    def item_size(self) -> int:
        """Bytes in the bucket."""
        return sum(value.size for value in self.values())

    def pop(self, key: str) -> None:
        """Deletes an object. Raises KeyError when there is none, as moto expects."""
        disk, index = self._store.disk, self._store.index
        with disk.lock(self._bucket.name, key):
            try:
                deleted = disk.delete(self._bucket.name, key)
            except UnstorableKey:
                deleted = False
            index.forget(self._bucket.name, key)
        if not deleted:
            raise KeyError(key)


def making_directory(init: Callable[..., None], store: S3Store) -> Callable[..., None]:
    """`FakeBucket.__init__` that also makes the bucket's directory and looks for its keys there."""

    @functools.wraps(init)
    def make(self: s3_models.FakeBucket, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        if type(self) is s3_models.FakeBucket:
            store.disk.create_bucket(self.name)
            store.index.add_bucket(self.name, self.account_id, self.region_name)
            self.keys = DiskKeys(store, self)

    return make


def removing_directory(delete: Callable[..., Any], store: S3Store) -> Callable[..., Any]:
    """`S3Backend.delete_bucket` that also removes the directory."""

    @functools.wraps(delete)
    def remove(self: s3_models.S3Backend, bucket_name: str) -> Any:
        bucket = delete(self, bucket_name)
        if bucket is not None:
            store.disk.remove_bucket(bucket_name)
            store.index.remove_bucket(bucket_name)
        return bucket

    return remove


def bring_back(store: S3Store) -> None:
    """Gives moto the buckets that are on disk."""
    for name in store.disk.buckets():
        account, region = store.index.bucket(name) or (own_account.ID, "us-east-1")
        bucket = s3_models.FakeBucket(name=name, account_id=account, region_name=region)
        made = datetime.datetime.fromtimestamp(store.disk.bucket_path(name).stat().st_mtime, datetime.UTC)
        bucket.creation_date = made
        s3_models.s3_backends[account][bucket.partition].buckets[name] = bucket


def put_object(
    backend: s3_models.S3Backend,
    store: S3Store,
    bucket_name: str,
    key_name: str,
    value: bytes | str,
    storage: str | None = None,
    etag: str | None = None,
    multipart: Any = None,
    encryption: str | None = None,
    kms_key_id: str | None = None,
    bucket_key_enabled: Any = None,
    lock_mode: str | None = None,
    lock_legal_status: str | None = None,
    lock_until: str | None = None,
    checksum_value: str | None = None,
    request_method: str | None = "PUT",
    disable_notification: bool | None = False,
) -> DiskKey:
    """`S3Backend.put_object`, writing to disk; the parameters are moto's."""
    if storage is not None and storage not in s3_models.STORAGE_CLASS:
        raise s3_models.InvalidStorageClass(storage=storage)
    if lock_mode or lock_until or lock_legal_status:
        raise _Refused("NotImplemented", "The local S3 has no object lock.")
    bucket = backend.get_bucket(bucket_name)
    body = value.encode() if isinstance(value, str) else value
    details = {
        "etag": etag or hashlib.md5(body).hexdigest(),  # noqa: S324
        "storage_class": storage if storage and storage != "STANDARD" else None,
        "upload_id": multipart.id if multipart else None,
        "encryption": encryption,
        "kms_key_id": kms_key_id,
        "bucket_key_enabled": bucket_key_enabled,
        "checksum_value": checksum_value,
    }
    details = {name: known for name, known in details.items() if known is not None}
    try:
        with store.disk.lock(bucket_name, key_name):
            stamp = store.disk.write(bucket_name, key_name, [body])
            store.index.remember(bucket_name, key_name, stamp, details)
    except UnstorableKey as error:
        raise _Refused(error.code, str(error)) from error
    key = DiskKey(store, bucket, key_name, stamp, details)
    if not disable_notification:
        posted = request_method == "POST"
        events = notifications.S3NotificationEvent
        event = events.OBJECT_CREATED_POST_EVENT if posted else events.OBJECT_CREATED_PUT_EVENT
        notifications.send_event(backend.account_id, event, bucket, key)
    return key


def completing(complete: Callable[..., Any]) -> Callable[..., Any]:
    """`complete_multipart_upload` that frees the buffers of the parts."""

    def complete_multipart_upload(self: Any, bucket_name: str, multipart_id: str, body: Any) -> Any:
        upload = self.get_bucket(bucket_name).multiparts.get(multipart_id)
        if upload is None:
            raise NoSuchUpload(upload_id=multipart_id)
        key = complete(self, bucket_name, multipart_id, body)
        upload.dispose()  # the parts are one file now; free their buffers
        return key

    return complete_multipart_upload


def _listing(
    store: S3Store, bucket: str, prefix: str, delimiter: str, after: str, limit: int | None
) -> tuple[list[tuple[str, bool]], bool]:
    """(name, is a common prefix) in S3's order, after a marker, and whether more follow."""
    if delimiter == "/":
        keys, folders = store.disk.level(bucket, prefix)
    else:
        keys = list(store.disk.keys(bucket, prefix, "" if delimiter else after))
        folders = []
        if delimiter:
            rolled = {key: key[len(prefix) :].partition(delimiter) for key in keys}
            folders = sorted({prefix + head + found for head, found, _ in rolled.values() if found})
            keys = [key for key, (_, found, _) in rolled.items() if not found]
    names = sorted([(key, False) for key in keys if key > after] + [(name, True) for name in folders if name > after])
    if limit is None or len(names) <= limit:
        return names, False
    return names[:limit], limit > 0


def _found(bucket: s3_models.FakeBucket, names: list[tuple[str, bool]]) -> list[Any]:
    """The objects (folders stay names); one deleted since the listing began is left out."""
    entries = [name if is_folder else bucket.keys.get(name) for name, is_folder in names]
    return [entry for entry in entries if entry is not None]


def list_objects(
    _backend: Any,
    store: S3Store,
    bucket: s3_models.FakeBucket,
    prefix: str | None,
    delimiter: str | None,
    marker: str | None,
    max_keys: int | None,
) -> tuple[list[DiskKey], list[str], bool, str | None]:
    """`S3Backend.list_objects` from the names on disk."""
    names, more = _listing(store, bucket.name, prefix or "", delimiter or "", marker or "", max_keys)
    entries = _found(bucket, names)
    objects = [entry for entry in entries if not isinstance(entry, str)]
    return objects, [entry for entry in entries if isinstance(entry, str)], more, names[-1][0] if more else None


def list_objects_v2(
    _backend: Any,
    store: S3Store,
    bucket: s3_models.FakeBucket,
    prefix: str | None,
    delimiter: str | None,
    continuation_token: str | None,
    start_after: str | None,
    max_keys: int,
) -> tuple[list[Any], bool, str | None]:
    """A continuation token is the last key itself, so it outlives a restart."""
    after = start_after or ""
    if continuation_token:
        try:
            after = base64.urlsafe_b64decode(continuation_token).decode()
        except ValueError:
            raise InvalidContinuationToken from None
    names, more = _listing(store, bucket.name, prefix or "", delimiter or "", after, min(max_keys, 1000))
    token = base64.urlsafe_b64encode(names[-1][0].encode()).decode() if more else None
    return _found(bucket, names), more, token


def _check_conditions(response: S3Response, key_name: str) -> None:
    """Enforces the conditional headers of a write; the caller holds the key's lock."""
    if_match, if_none_match = response.headers.get("If-Match"), response.headers.get("If-None-Match")
    if not if_match and not if_none_match:
        return
    existing = response.backend.get_object(response.bucket_name, key_name)
    if if_none_match and if_none_match != "*":
        raise _Refused("NotImplemented", "A header you provided implies functionality that is not implemented")
    if if_none_match and existing is not None:
        raise PreconditionFailed("If-None-Match")
    if if_match and existing is None:
        raise MissingKey(key=key_name)
    if if_match and if_match != "*" and if_match.strip('"') != existing.etag.strip('"'):
        raise PreconditionFailed("If-Match")


def consistent(store: S3Store, handler: Callable[[S3Response], Any]) -> Callable[[S3Response], Any]:
    """Headers and body of one answer are of one version of the object."""

    @functools.wraps(handler)
    def locked(self: S3Response) -> Any:
        for _ in range(_LOOKS):
            try:
                with store.disk.lock(self.bucket_name, self.parse_key_name()):
                    return handler(self)
            except _Changed:
                continue
        raise _Refused("InternalError", "The object is being rewritten all the time.")

    return locked


def conditional(store: S3Store, handler: Callable[[S3Response], Any]) -> Callable[[S3Response], Any]:
    """A handler that runs only if the conditional headers of the write hold."""

    @functools.wraps(handler)
    def locked(self: S3Response) -> Any:
        key_name = self.parse_key_name()
        with store.disk.lock(self.bucket_name, key_name):
            _check_conditions(self, key_name)
            return handler(self)

    return locked


def conditional_completion(store: S3Store, handler: Callable[..., Any]) -> Callable[..., Any]:
    """The same for CompleteMultipartUpload; to complete an upload twice is no error."""

    @functools.wraps(handler)
    def locked(
        self: S3Response, request: Any, body: bytes, bucket_name: str, query: dict[str, Any], key_name: str
    ) -> Any:
        if "uploadId" not in query:
            return handler(self, request, body, bucket_name, query, key_name)
        with store.disk.lock(bucket_name, key_name):
            existing = self.backend.get_object(bucket_name, key_name)
            repeated = existing is not None and existing.multipart and existing.multipart.id == query["uploadId"][0]
            if not repeated:
                _check_conditions(self, key_name)
            return handler(self, request, body, bucket_name, query, key_name)

    return locked


def put_bucket_versioning(backend: s3_models.S3Backend, bucket_name: str, status: str) -> None:
    """PutBucketVersioning: nothing but Suspended."""
    bucket = backend.get_bucket(bucket_name)
    if status == "Enabled":
        refuse()
    bucket.versioning_status = status


def refuse(*_args: Any, **_kwargs: Any) -> None:
    """Refuse what is not kept, rather than ignore it silently."""
    raise _Refused("NotImplemented", "The local S3 keeps one version of an object, and no locks or retention.")
