"""S3 objects for COPY and UNLOAD: plain files if the S3 store has them, else through boto3.

A new object appears completely or not at all: it gets a temporary name (a dot file) and is then renamed.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from ..errors import LoadError
from .credentials import Credentials

ObjectPath = Callable[[str], Path]
Allow = Callable[[str, str], None]
RoleAccess = Callable[[Credentials], Allow]
"""Returns the access check of a role, given its ARN, or of an access key."""


class ObjectStore(Protocol):
    """The parts of S3 that COPY and UNLOAD need. URIs are `s3://bucket/key`."""

    def list(self, prefix: str) -> list[str]:
        """URIs of the objects whose key begins with the prefix's, sorted."""
        ...

    def size(self, uri: str) -> int:
        """Size of an object in bytes; raises LoadError if it does not exist."""
        ...

    def open(self, uri: str) -> BinaryIO:
        """Opens an object for reading; the stream is seekable."""
        ...

    def write(self, uri: str, produce: Callable[[Path], None]) -> int:
        """Creates an object from the file that `produce` writes; returns its size in bytes."""
        ...

    def delete(self, uri: str) -> None:
        """Deletes an object."""
        ...


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key of `s3://bucket/key`.

    Raises:
        LoadError: It is not an S3 URI.
    """
    scheme, _, path = uri.partition("://")
    bucket, _, key = path.partition("/")
    if scheme != "s3" or not bucket:
        raise LoadError(f"'{uri}' is not an Amazon S3 location (s3://bucket/key)", uri)
    return bucket, key


def _missing_bucket(uri: str) -> LoadError:
    return LoadError(
        f"S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket: {uri}", uri
    )


def _missing(uri: str) -> LoadError:
    return LoadError(f"S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey: {uri}", uri)


class Files:
    """Objects as plain files.

    Args:
        object_path: Returns the file of an object, given its URI; raises LookupError if there is no such bucket.
    """

    def __init__(self, object_path: ObjectPath) -> None:
        self._object_path = object_path

    def _path(self, uri: str) -> Path:
        try:
            return self._object_path(uri)
        except LookupError as error:
            raise _missing_bucket(uri) from error

    def list(self, prefix: str) -> list[str]:
        """See ObjectStore."""
        bucket, key = split_uri(prefix)
        folder_key, _, start = key.rpartition("/")
        probe = f"s3://{bucket}/{folder_key}/x" if folder_key else f"s3://{bucket}/x"
        folder = self._path(probe).parent
        uris = []
        for directory, _, names in os.walk(folder):
            for name in names:
                relative = (Path(directory) / name).relative_to(folder).as_posix()
                if relative.startswith(start) and not any(part.startswith(".") for part in relative.split("/")):
                    uris.append(f"s3://{bucket}/{folder_key}{'/' if folder_key else ''}{relative}")
        return sorted(uris)

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
        return sorted(f"s3://{bucket}/{entry['Key']}" for page in pages for entry in page.get("Contents", []))

    def size(self, uri: str) -> int:
        """See ObjectStore."""
        bucket, key = split_uri(uri)
        try:
            return int(self._s3.head_object(Bucket=bucket, Key=key)["ContentLength"])
        except self._s3.exceptions.ClientError as error:
            raise _missing(uri) from error

    def open(self, uri: str) -> BinaryIO:
        """See ObjectStore. Keeps the object in memory, because Parquet needs a seekable stream."""
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
    """Another store for a user with a role: checks each access first.

    Args:
        store: the objects.
        allow: called with an S3 action and an `s3://` URI; raises PermissionError if the role may not do it.
    """

    def __init__(self, store: ObjectStore, allow: Allow) -> None:
        self._store = store
        self._allow = allow

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
    """The store to use: plain files if their paths are known, else boto3."""
    return Files(object_path) if object_path else Remote()
