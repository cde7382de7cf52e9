"""The local S3: its disk, its index, and the versions of its objects."""

from pathlib import Path
from typing import Any

from moto.s3 import models as s3_models

from .disk import S3Disk, UnstorableKey
from .errors import RequestRefused
from .index import S3Index
from .keys import DeleteMarker, DiskKey
from .versions import Version, Versions


class S3Store:
    """The disk and the index of one server. Converts versions to moto's objects.

    Raises:
        sqlite3.OperationalError: another server has the index open (SQLITE_BUSY), or the disk is full.
    """

    def __init__(self, root: Path) -> None:
        self.disk = S3Disk(root)
        self.index = S3Index(self.disk.root / ".index.sqlite")
        self.disk.drop_leftovers()  # only after the index is open, which excludes other servers
        self.versions = Versions(self.disk, self.index)

    def close(self) -> None:
        """Closes the index."""
        self.index.close()

    def object_path(self, uri: str) -> Path:
        """The file of `s3://bucket/key`, whether or not it exists."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return self.disk.path_of(bucket, key)

    def is_empty(self, bucket: str) -> bool:
        """Whether a bucket has no object, version or delete marker."""
        return self.disk.is_empty(bucket) and not self.index.has_versions(bucket)

    def current(self, bucket: s3_models.FakeBucket, key: str) -> DiskKey | None:
        """The object that a read without a version returns. A key that can't be stored doesn't exist."""
        try:
            version = self.versions.current(bucket.name, key, bucket.versioning_status)
        except UnstorableKey:
            return None
        return None if version is None else DiskKey(self, bucket, version)

    def find(self, bucket: s3_models.FakeBucket, key: str, version_id: str | None) -> DiskKey | DeleteMarker | None:
        """A version of an object, or a delete marker. Without an id, the newest of them."""
        try:
            if version_id is not None:
                return self.as_moto(bucket, self.versions.find(bucket.name, key, version_id))
            version = self.versions.current(bucket.name, key, bucket.versioning_status)
            if version is None and bucket.versioning_status is not None:
                version = next(iter(self.versions.history(bucket.name, key)), None)
        except UnstorableKey:
            return None
        return self.as_moto(bucket, version)

    def put(self, bucket: s3_models.FakeBucket, key: str, body: bytes, details: dict[str, Any]) -> DiskKey:
        """Writes an object. Drops `details` without a value.

        Raises:
            RequestRefused: the key can't be stored.
        """
        stored_details = {name: value for name, value in details.items() if value not in (None, {})}
        try:
            version = self.versions.put(bucket.name, key, bucket.versioning_status, [body], stored_details)
        except UnstorableKey as error:
            raise RequestRefused(error.code, str(error)) from error
        return DiskKey(self, bucket, version)

    def as_moto(self, bucket: s3_models.FakeBucket, version: Version | None) -> DiskKey | DeleteMarker | None:
        """A version as moto sees it."""
        if version is None:
            return None
        return DeleteMarker(version) if version.is_delete_marker else DiskKey(self, bucket, version)

    def event_subject(self, bucket: s3_models.FakeBucket, version: Version) -> DiskKey:
        """The subject of a notification about a deleted version: its key, because a delete marker has no bytes."""
        return DiskKey(self, bucket, version)
