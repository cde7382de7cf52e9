"""Objects, delete markers and a bucket's contents, in the form that moto expects."""

import datetime
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol, Self

from moto.s3 import models as s3_models
from moto.s3.exceptions import MissingKey
from moto.utilities.utils import LowercaseDict

from . import acl, archive
from .disk import S3Disk
from .errors import Changed
from .versions import Version, Versions

DEFAULT_CONTENT_TYPE = "binary/octet-stream"


class Store(Protocol):
    """The store, as far as moto's objects need it."""

    disk: S3Disk
    versions: Versions

    def current(self, bucket: s3_models.FakeBucket, key: str) -> "DiskKey | None":
        """The object that a read without a version returns."""

    def is_empty(self, bucket: str) -> bool:
        """Whether a bucket has no object, version or delete marker."""


def _at(nanoseconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(nanoseconds / 1e9, datetime.UTC).replace(tzinfo=None)


class DiskKey(s3_models.FakeKey):
    """A version of an object as moto sees it. Its bytes are read from disk only on request.

    Setting an attribute (tags, access control list, checksum) writes it to the index at once.
    """

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        """Bypasses moto's tracking of instances, which would keep every instance in memory."""
        return object.__new__(cls)

    def __init__(self, store: Store, bucket: s3_models.FakeBucket, version: Version) -> None:
        self._store = store
        self.version = version
        self._details = version.details
        self.name = version.key
        self.bucket_name = bucket.name
        self.account_id = bucket.account_id
        self.region_name = bucket.region_name
        self.partition = bucket.partition
        self.last_modified = _at(version.stamp.mtime_ns)
        self.contentsize = version.stamp.size
        self.disposed = True
        self._metadata = LowercaseDict()
        self._metadata.update(self._details.get("metadata") or {"Content-Type": DEFAULT_CONTENT_TYPE})
        self._version_id = version.id
        self._is_versioned = bucket.versioning_status is not None
        self.lock_mode = self.lock_legal_status = self.lock_until = None

    def _keep(self, name: str, value: Any) -> None:
        if self._details.get(name) != value:
            self._details[name] = value
            self._store.versions.change(self.bucket_name, self.version, self._details)

    @property
    def is_versioned(self) -> bool:
        """Whether its bucket has, or had, versioning."""
        return self._is_versioned

    @property
    def path(self) -> Path:
        """The version's file."""
        if self.version.file is not None:
            return self._store.disk.version_path(self.bucket_name, self.version.file)
        return self._store.disk.path_of(self.bucket_name, self.name)

    @property
    def value(self) -> bytes:
        """The bytes, read now.

        Raises:
            MissingKey: another program has deleted the file since the object was looked up.
            Changed: another program has replaced the file, so the bytes would not match ETag and length.
        """
        try:
            with self.path.open("rb") as file:
                status = os.fstat(file.fileno())
                if (status.st_mtime_ns, status.st_size, status.st_ino) != self.version.stamp:
                    raise Changed(self.name)
                return file.read()
        except FileNotFoundError:
            if self.version.file is not None:
                raise Changed(self.name) from None
            raise MissingKey(key=self.name) from None

    @property
    def etag(self) -> str:
        """The MD5 of the body, or a tag computed from the stamp if another program wrote the file."""
        stored_etag = self._details.get("etag")
        if stored_etag:
            return f'"{stored_etag}"'
        return f'"{hashlib.md5(repr(self.version.stamp).encode()).hexdigest()}-1"'  # noqa: S324

    def set_metadata(self, metadata: Any, replace: bool = False) -> None:
        """Sets content headers and user metadata."""
        super().set_metadata(metadata, replace)
        self._keep("metadata", dict(self._metadata))

    @property
    def storage_class(self) -> str:
        """The storage class, by default STANDARD."""
        return str(self._details.get("storage_class", "STANDARD"))

    @property
    def encryption(self) -> str:
        """The algorithm. By default, S3 encrypts every object with its own keys."""
        return str(self._details.get("encryption", "AES256"))

    @property
    def kms_key_id(self) -> str | None:
        """The KMS key of an object that is encrypted with one."""
        return self._details.get("kms_key_id")

    @property
    def bucket_key_enabled(self) -> bool | None:
        """Whether an object that is encrypted with a KMS key uses a bucket key."""
        return self._details.get("bucket_key_enabled")

    @property
    def website_redirect_location(self) -> str | None:
        """The address that a website redirects requests for this object to."""
        return self._details.get("redirect")

    @property
    def acl(self) -> s3_models.FakeAcl:
        """The access control list, by default private."""
        grants = self._details.get("acl")
        return acl.PRIVATE if grants is None else acl.from_json(grants)

    def set_acl(self, acl_set: s3_models.FakeAcl | None) -> None:
        """Replaces the access control list. None makes it private."""
        self._keep("acl", None if acl_set is None else acl.to_json(acl_set))

    @property
    def tags(self) -> dict[str, str]:
        """The tags, by key."""
        return dict(self._details.get("tags") or {})

    @tags.setter
    def tags(self, tags: dict[str, str]) -> None:
        self._keep("tags", tags or None)

    @property
    def restore_details(self) -> dict[str, float] | None:
        """When the restore of an archived object began, and when the restored copy expires."""
        return self._details.get("restore")

    @restore_details.setter
    def restore_details(self, details: dict[str, float]) -> None:
        self._keep("restore", details)

    @property
    def checksum_algorithm(self) -> str | None:
        """The algorithm of the checksum the client sent, if any."""
        return self._details.get("checksum_algorithm")

    @property
    def checksum_value(self) -> str | None:
        """The checksum the client sent, if any."""
        return self._details.get("checksum_value")

    @property
    def checksum_type(self) -> str | None:
        """COMPOSITE or FULL_OBJECT."""
        return self._details.get("checksum_type")

    @property
    def checksum_parts(self) -> int | None:
        """How many parts a composite checksum covers."""
        return self._details.get("checksum_parts")

    @property
    def multipart(self) -> Any:
        """The finished upload that created the object, so that completing it twice is no error; else None."""
        upload = self._details.get("upload_id")
        return SimpleNamespace(id=upload, partlist=[], parts={}) if upload else None

    @property
    def response_dict(self) -> dict[str, Any]:
        """The response headers that describe the object."""
        headers = {
            **self.write_headers,
            "last-modified": self.last_modified_RFC1123,
            "content-length": str(self.size),
            "x-amz-storage-class": self.storage_class if self.storage_class != "STANDARD" else None,
            "x-amz-restore": archive.restore_header(self.restore_details),
            "x-amz-sdk-checksum-algorithm": self.checksum_algorithm,
            "x-amz-website-redirect-location": self.website_redirect_location,
            "x-amz-tagging-count": str(len(self.tags)) if self.tags else None,
        }
        return {name: value for name, value in headers.items() if value is not None}

    @property
    def write_headers(self) -> dict[str, Any]:
        """The response headers that acknowledge a write: ETag, version and encryption."""
        headers = {"ETag": self.etag, "x-amz-server-side-encryption": self.encryption}
        if self.kms_key_id:
            headers["x-amz-server-side-encryption-aws-kms-key-id"] = self.kms_key_id
        if self.bucket_key_enabled is not None:
            headers["x-amz-server-side-encryption-bucket-key-enabled"] = str(self.bucket_key_enabled).lower()
        if self._is_versioned:
            headers["x-amz-version-id"] = self.version_id
        return headers

    def advance(self) -> None:
        """Does nothing: reading an object doesn't change its state."""

    def dispose(self, garbage: bool = False) -> None:
        """Does nothing: there is no buffer to close."""


class DeleteMarker(s3_models.FakeDeleteMarker):
    """A delete marker as moto sees it."""

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        """Bypasses moto's tracking of instances."""
        return object.__new__(cls)

    def __init__(self, version: Version) -> None:
        self.name = version.key
        self.last_modified = _at(version.stamp.mtime_ns)
        self._version_id = version.id


class DiskKeys:
    """The contents of a bucket in the form that moto expects: a mapping from key to current object."""

    def __init__(self, store: Store, bucket: s3_models.FakeBucket) -> None:
        self._store = store
        self._bucket = bucket

    def get(self, key: str, default: Any = None) -> Any:
        """The object, or the default. A key that can't be stored doesn't exist."""
        key_object = self._store.current(self._bucket, key)
        return default if key_object is None else key_object

    def __getitem__(self, key: str) -> DiskKey:
        key_object: DiskKey | None = self.get(key)
        if key_object is None:
            raise KeyError(key)
        return key_object

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def __bool__(self) -> bool:
        return not self._store.is_empty(self._bucket.name)

    def __len__(self) -> int:
        return sum(1 for _ in self._store.disk.keys(self._bucket.name))

    def values(self) -> Iterator[DiskKey]:
        """All current objects, in key order."""
        for key in sorted(self._store.disk.keys(self._bucket.name)):
            if (key_object := self.get(key)) is not None:
                yield key_object

    def item_size(self) -> int:
        """Total size of the current objects, in bytes."""
        return sum(value.size for value in self.values())
