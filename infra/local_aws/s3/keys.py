"""Objects, delete markers and a bucket's contents, in the form in which moto wants them."""

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
    """Where objects are kept, as far as moto's objects need to know."""

    disk: S3Disk
    versions: Versions

    def current(self, bucket: s3_models.FakeBucket, key: str) -> "DiskKey | None":
        """The object that is read when no version is asked for."""

    def is_empty(self, bucket: str) -> bool:
        """Whether a bucket holds neither object nor version nor delete marker."""


def _at(nanoseconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(nanoseconds / 1e9, datetime.UTC).replace(tzinfo=None)


class DiskKey(s3_models.FakeKey):
    """A version of an object as moto sees it; its bytes stay on disk until somebody asks for them.

    What is set on it (tags, access control list, checksum) is written to the index at once.
    """

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        """Skips moto's tracking of every instance, which would keep them all in memory for ever."""
        return object.__new__(cls)

    def __init__(self, store: Store, bucket: s3_models.FakeBucket, version: Version) -> None:
        self._store, self.version = store, version
        self._details = version.details
        self.name = version.key
        self.bucket_name = bucket.name
        self.account_id, self.region_name, self.partition = bucket.account_id, bucket.region_name, bucket.partition
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
            MissingKey: another program has deleted them since the object was looked up.
            Changed: they were replaced, so that they would not match ETag and length.
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
        """The MD5 of what was put, or for a file written by another program a tag made from its stamp."""
        known = self._details.get("etag")
        if known:
            return f'"{known}"'
        return f'"{hashlib.md5(repr(self.version.stamp).encode()).hexdigest()}-1"'  # noqa: S324

    def set_metadata(self, metadata: Any, replace: bool = False) -> None:
        """Sets content headers and user metadata."""
        super().set_metadata(metadata, replace)
        self._keep("metadata", dict(self._metadata))

    @property
    def storage_class(self) -> str:
        """STANDARD, unless the object was put into another class."""
        return str(self._details.get("storage_class", "STANDARD"))

    @property
    def encryption(self) -> str:
        """S3 encrypts every object with its own keys when no other way is asked for."""
        return str(self._details.get("encryption", "AES256"))

    @property
    def kms_key_id(self) -> str | None:
        """The KMS key, of an object encrypted with one."""
        return self._details.get("kms_key_id")

    @property
    def bucket_key_enabled(self) -> bool | None:
        """Whether a bucket key is used, of an object encrypted with a KMS key."""
        return self._details.get("bucket_key_enabled")

    @property
    def website_redirect_location(self) -> str | None:
        """Where a website sends whoever asks for the object."""
        return self._details.get("redirect")

    @property
    def acl(self) -> s3_models.FakeAcl:
        """The access control list; private unless told otherwise."""
        grants = self._details.get("acl")
        return acl.PRIVATE if grants is None else acl.from_json(grants)

    def set_acl(self, acl_set: s3_models.FakeAcl | None) -> None:
        """Replaces the access control list; None makes it private."""
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
        """When the restoring of an archived object began, and when the restored copy expires."""
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
        """The finished upload that made the object, so that completing it twice is no error; else None."""
        upload = self._details.get("upload_id")
        return SimpleNamespace(id=upload, partlist=[], parts={}) if upload else None

    @property
    def response_dict(self) -> dict[str, Any]:
        """The headers of an answer that shows the object."""
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
        """The headers of an answer that acknowledges the object: its ETag, version and encryption."""
        headers = {"ETag": self.etag, "x-amz-server-side-encryption": self.encryption}
        if self.kms_key_id:
            headers["x-amz-server-side-encryption-aws-kms-key-id"] = self.kms_key_id
        if self.bucket_key_enabled is not None:
            headers["x-amz-server-side-encryption-bucket-key-enabled"] = str(self.bucket_key_enabled).lower()
        if self._is_versioned:
            headers["x-amz-version-id"] = self.version_id
        return headers

    def advance(self) -> None:
        """Nothing moves on by being looked at."""

    def dispose(self, garbage: bool = False) -> None:
        """Nothing to close: there is no buffer."""


class DeleteMarker(s3_models.FakeDeleteMarker):
    """A delete marker as moto sees it."""

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        """Skips moto's tracking of every instance."""
        return object.__new__(cls)

    def __init__(self, version: Version) -> None:
        self.name = version.key
        self.last_modified = _at(version.stamp.mtime_ns)
        self._version_id = version.id


class DiskKeys:
    """The contents of one bucket, in the form moto asks for: a mapping of key to its current object."""

    def __init__(self, store: Store, bucket: s3_models.FakeBucket) -> None:
        self._store, self._bucket = store, bucket

    def get(self, key: str, default: Any = None) -> Any:
        """The object, or the default. A key that cannot be stored is simply not there."""
        found = self._store.current(self._bucket, key)
        return default if found is None else found

    def __getitem__(self, key: str) -> DiskKey:
        found: DiskKey | None = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def __bool__(self) -> bool:
        return not self._store.is_empty(self._bucket.name)

    def __len__(self) -> int:
        return sum(1 for _ in self._store.disk.keys(self._bucket.name))

    def values(self) -> Iterator[DiskKey]:
        """Every current object, in key order."""
        for key in sorted(self._store.disk.keys(self._bucket.name)):
            if (found := self.get(key)) is not None:
                yield found

    def item_size(self) -> int:
        """Bytes of the current objects."""
        return sum(value.size for value in self.values())
