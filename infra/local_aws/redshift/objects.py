"""S3 objects for COPY and UNLOAD: as plain files when the S3 store keeps them so, else through boto3.

A written object appears whole or not at all: temporary name (dot file), then rename.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from .errors import LoadError

ObjectPath = Callable[[str], Path]
Allow = Callable[[str, str], None]
RoleAccess = Callable[[str], Allow]
"""From a role's ARN to what it may do."""


class ObjectStore(Protocol):
    """What COPY and UNLOAD need of S3. URIs are `s3://bucket/key`."""

    def list(self, prefix: str) -> list[str]:
        """URIs of the objects whose key begins with the prefix's, sorted."""
        ...

    def size(self, uri: str) -> int:
        """Bytes of an object; raises LoadError when it does not exist."""
        ...

    def open(self, uri: str) -> BinaryIO:
        """Open an object for reading; it can seek."""
        ...

    def write(self, uri: str, produce: Callable[[Path], None]) -> int:
        """Create an object from the file that `produce` writes; gives its size in bytes."""
        ...

    def delete(self, uri: str) -> None:
        """Delete an object."""
        ...


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`.

    Raises:
        LoadError: It is no S3 URI.
    """
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise LoadError(f"'{uri}' is not an Amazon S3 location (s3://bucket/key)", uri)
    return bucket, key


def _missing(uri: str) -> LoadError:
    return LoadError(f"S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey: {uri}", uri)


class Files:
    """Objects as plain files.

    Args:
        object_path: Gives the file of an object's URI.
    """

    def __init__(self, object_path: ObjectPath) -> None:
        self._path = object_path

    def list(self, prefix: str) -> list[str]:
        """See ObjectStore."""
        bucket, key = split_uri(prefix)
        folder_key, _, start = key.rpartition("/")
        probe = f"s3://{bucket}/{folder_key}/x" if folder_key else f"s3://{bucket}/x"
        folder = self._path(probe).parent
        found = []
        for directory, _, names in os.walk(folder):
            for name in names:
                relative = (Path(directory) / name).relative_to(folder).as_posix()
                if relative.startswith(start) and not any(part.startswith(".") for part in relative.split("/")):
                    found.append(f"s3://{bucket}/{folder_key}{'/' if folder_key else ''}{relative}")
        return sorted(found)

    def size(self, uri: str) -> int:
        """See ObjectStore."""
        try:
            return self._path(uri).stat().st_size
        except (FileNotFoundError, NotADirectoryError) as error:
            raise _missing(uri) from error

    def open(self, uri: str) -> BinaryIO:
        """See ObjectStore."""
        try:
            return self._path(uri).open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise _missing(uri) from error

    def write(self, uri: str, produce: Callable[[Path], None]) -> int:
        """See ObjectStore."""
        path = self._path(uri)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            produce(temporary)
            size = temporary.stat().st_size
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        return size

    def delete(self, uri: str) -> None:
        """See ObjectStore."""
        self._path(uri).unlink(missing_ok=True)


class Remote:
    """Objects through boto3 (`AWS_ENDPOINT_URL`)."""

    def __init__(self) -> None:
        import boto3

        self._s3: Any = boto3.client("s3")

    def list(self, prefix: str) -> list[str]:
        """See ObjectStore."""
        bucket, key = split_uri(prefix)
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key)
        return sorted(f"s3://{bucket}/{found['Key']}" for page in pages for found in page.get("Contents", []))

    def size(self, uri: str) -> int:
        """See ObjectStore."""
        bucket, key = split_uri(uri)
        try:
            return int(self._s3.head_object(Bucket=bucket, Key=key)["ContentLength"])
        except self._s3.exceptions.ClientError as error:
            raise _missing(uri) from error

    def open(self, uri: str) -> BinaryIO:
        """See ObjectStore. The object is held in memory: Parquet must seek."""
        bucket, key = split_uri(uri)
        self.size(uri)
        return io.BytesIO(self._s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    def write(self, uri: str, produce: Callable[[Path], None]) -> int:
        """See ObjectStore."""
        import tempfile

        bucket, key = split_uri(uri)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "object"
            produce(path)
            self._s3.upload_file(str(path), bucket, key)
            return path.stat().st_size

    def delete(self, uri: str) -> None:
        """See ObjectStore."""
        bucket, key = split_uri(uri)
        self._s3.delete_object(Bucket=bucket, Key=key)


class AsRole:
    """Another store, for who works in a role's name: each access is allowed first.

    Args:
        store: the objects.
        allow: called with an action of S3 and an `s3://` URI; raises PermissionError for what the role may not do.
    """

    def __init__(self, store: ObjectStore, allow: Allow) -> None:
        self._store, self._allow = store, allow

    def list(self, prefix: str) -> list[str]:
        """See ObjectStore."""
        self._require("s3:ListBucket", prefix)
        return self._store.list(prefix)

    def size(self, uri: str) -> int:
        """See ObjectStore."""
        self._require("s3:GetObject", uri)
        return self._store.size(uri)

    def open(self, uri: str) -> BinaryIO:
        """See ObjectStore."""
        self._require("s3:GetObject", uri)
        return self._store.open(uri)

    def write(self, uri: str, produce: Callable[[Path], None]) -> int:
        """See ObjectStore."""
        self._require("s3:PutObject", uri)
        return self._store.write(uri, produce)

    def delete(self, uri: str) -> None:
        """See ObjectStore."""
        self._require("s3:DeleteObject", uri)
        self._store.delete(uri)

    def _require(self, action: str, uri: str) -> None:
        try:
            self._allow(action, uri)
        except PermissionError as error:
            raise LoadError(f"S3ServiceException:Access Denied,Status 403,Error AccessDenied: {error}", uri) from error


def object_store(object_path: ObjectPath | None) -> ObjectStore:
    """The store to use: plain files when their place is known, else boto3."""
    return Files(object_path) if object_path else Remote()
