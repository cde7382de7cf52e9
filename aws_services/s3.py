"""Amazon S3: objects of a bucket, whole or streamed, with conditional writes, without pagination."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.response import StreamingBody

from aws_services._session import asking, client
from aws_services.errors import InvalidRequest, NoSuchBucket, NotFound, PreconditionFailed

_DELETE_BATCH = 1000  # DeleteObjects takes no more
_CONFLICT_TRIES = 5
_TRANSFER = TransferConfig(multipart_threshold=64 * 1024 * 1024, multipart_chunksize=32 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class S3Object:
    """S3's description of an object.

    Attributes:
        key: its key.
        size: bytes.
        etag: its entity tag, quoted as S3 sends it.
        modified: when it was last written, UTC.
        metadata: user metadata; listings don't have it.
    """

    key: str
    size: int
    etag: str
    modified: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)


class S3:
    """Objects in S3.

    Every method may raise `NoSuchBucket`, `AccessDenied`, `NoCredentials`, `Throttled` or `ServiceUnreachable` (see
    `aws_services.errors`); a method's docstring names only further ones.
    """

    def __init__(self, s3_client: Any = None) -> None:
        self._client = s3_client or client("s3")

    def get(self, bucket: str, key: str) -> bytes:
        """The bytes of an object. Raises NotFound."""
        return self.get_with_etag(bucket, key)[0]

    def get_with_etag(self, bucket: str, key: str) -> tuple[bytes, str]:
        """The bytes of an object, and the entity tag for `put_if_match`. Raises NotFound."""
        body, description = self.get_with_metadata(bucket, key)
        return body, description.etag

    def get_with_metadata(self, bucket: str, key: str) -> tuple[bytes, S3Object]:
        """The bytes of an object and its description, in one request. Raises NotFound."""
        with asking("GetObject", _uri(bucket, key)):
            answer = self._client.get_object(Bucket=bucket, Key=key)
            with closing(answer["Body"]) as stream:
                return stream.read(), _described(key, answer)

    @contextmanager
    def open(self, bucket: str, key: str, *, as_it_arrives: bool = False) -> Iterator[IO[bytes]]:
        """Stream an object, so that memory doesn't grow with it. Raises NotFound.

        AWS errors inside the block, such as a stream that breaks off, name this object.

        Args:
            bucket: bucket.
            key: key.
            as_it_arrives: `read` returns the bytes that have arrived, instead of waiting for the requested number.

        Yields:
            A readable binary stream (not seekable).
        """
        with asking("GetObject", _uri(bucket, key)):
            answer = self._client.get_object(Bucket=bucket, Key=key)
            with answer["Body"] as raw:
                if as_it_arrives:
                    yield cast("IO[bytes]", StreamingBody(cast("Any", _AsItArrives(raw)), answer["ContentLength"]))
                else:
                    yield cast("IO[bytes]", answer["Body"])

    def download(self, bucket: str, key: str, path: Path) -> None:
        """Write an object to a local file, in parallel parts if it is large. Raises NotFound."""
        with asking("GetObject", _uri(bucket, key)):
            self._client.download_file(bucket, key, str(path), Config=_TRANSFER)

    def head(self, bucket: str, key: str) -> S3Object:
        """S3's description of an object, with its user metadata. Raises NotFound."""
        with asking("HeadObject", _uri(bucket, key)):
            return _described(key, self._client.head_object(Bucket=bucket, Key=key))

    def exists(self, bucket: str, key: str) -> bool:
        """Whether the object exists. A missing bucket is an error, not False."""
        try:
            self.head(bucket, key)
        except NotFound:
            self.require_bucket(bucket)  # the response to a HEAD has no body that says which of the two is missing
            return False
        return True

    def require_bucket(self, bucket: str) -> None:
        """Raise NoSuchBucket unless the bucket exists (and is visible to the caller)."""
        try:
            with asking("HeadBucket", f"s3://{bucket}"):
                self._client.head_bucket(Bucket=bucket)
        except NotFound as error:
            raise NoSuchBucket("HeadBucket", f"s3://{bucket}", error.detail) from error

    def put(
        self,
        bucket: str,
        key: str,
        body: bytes,
        *,
        content_type: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        """Write an object, replacing an existing one. Returns its entity tag."""
        return self._put(bucket, key, body, content_type, metadata)

    def put_if_absent(
        self,
        bucket: str,
        key: str,
        body: bytes,
        *,
        content_type: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        """Write an object only if there is none (`If-None-Match: *`).

        If a response is lost, the SDK repeats the request, which may then find its own object: read it before you
        conclude that another writer was faster.

        Returns:
            The new object's entity tag.

        Raises:
            PreconditionFailed: there already is an object.
        """
        return self._put(bucket, key, body, content_type, metadata, IfNoneMatch="*")

    def put_if_match(self, bucket: str, key: str, body: bytes, etag: str, *, content_type: str | None = None) -> str:
        """Replace an object only if it is still the one that was read (`If-Match`).

        Args:
            bucket: bucket.
            key: key.
            body: the new bytes.
            etag: the one that `get_with_etag` returned.
            content_type: MIME type.

        Returns:
            The new object's entity tag.

        Raises:
            PreconditionFailed: the object was changed or deleted meanwhile.
        """
        try:
            return self._put(bucket, key, body, content_type, None, IfMatch=etag)
        except NoSuchBucket:
            raise
        except NotFound as error:
            raise PreconditionFailed("PutObject", _uri(bucket, key), "the object was deleted meanwhile") from error

    def put_file(self, bucket: str, key: str, path: Path, *, content_type: str | None = None) -> None:
        """Write a local file as an object, in parallel parts if it is large."""
        extra = {"ContentType": content_type} if content_type else {}
        try:
            with asking("PutObject", _uri(bucket, key)):
                self._client.upload_file(str(path), bucket, key, ExtraArgs=extra, Config=_TRANSFER)
        except Boto3Error as error:  # the transfer manager turns the client's errors into text
            self.require_bucket(bucket)
            raise InvalidRequest("PutObject", _uri(bucket, key), str(error)) from error

    def list(self, bucket: str, prefix: str = "") -> Iterator[S3Object]:
        """All objects below a prefix, in key order (UTF-8 bytes)."""
        with asking("ListObjectsV2", _uri(bucket, prefix)):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield S3Object(entry["Key"], entry["Size"], entry["ETag"], entry["LastModified"])

    def list_prefixes(self, bucket: str, prefix: str) -> Iterator[str]:
        """The "folders" directly below a prefix that ends in '/', each with its trailing '/', in order."""
        with asking("ListObjectsV2", _uri(bucket, prefix)):
            paginator = self._client.get_paginator("list_objects_v2")
            for page in paginator.paginate(Bucket=bucket, Prefix=prefix, Delimiter="/"):
                for entry in page.get("CommonPrefixes", ()):
                    yield entry["Prefix"]

    def copy(self, bucket: str, source: str, target: str) -> None:
        """Copy an object within a bucket, in parts if it is large. Raises NotFound."""
        with asking("CopyObject", _uri(bucket, source)):
            self._client.copy({"Bucket": bucket, "Key": source}, bucket, target, Config=_TRANSFER)

    def delete(self, bucket: str, key: str) -> None:
        """Delete an object. As in S3, a missing object is not an error."""
        with asking("DeleteObject", _uri(bucket, key)):
            self._client.delete_object(Bucket=bucket, Key=key)

    def delete_many(self, bucket: str, keys: Iterable[str]) -> int:
        """Delete objects, a thousand per request. Returns the number of keys."""
        pending = iter(keys)
        count = 0
        while batch := tuple(islice(pending, _DELETE_BATCH)):
            self._delete_batch(bucket, batch)
            count += len(batch)
        return count

    def delete_prefix(self, bucket: str, prefix: str) -> int:
        """Delete all objects below a prefix and return their number. Raises ValueError for an empty prefix."""
        if not prefix:
            raise ValueError(f"refusing to delete everything in bucket {bucket}: give a prefix")
        return self.delete_many(bucket, [entry.key for entry in self.list(bucket, prefix)])

    def empty(self, bucket: str) -> Iterator[int]:
        """Delete everything in a bucket for good: every version of every object, and all delete markers.

        Yields:
            The number deleted so far, after each request.
        """
        count = 0
        while versions := self._first_versions(bucket):
            self._delete_objects(bucket, versions)
            count += len(versions)
            yield count

    def _first_versions(self, bucket: str) -> Sequence[Mapping[str, str]]:
        """Up to a thousand versions and delete markers: always the first ones, since the earlier ones are gone."""
        with asking("ListObjectVersions", f"s3://{bucket}"):
            page = self._client.list_object_versions(Bucket=bucket)
        versions = (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
        return [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]

    def _delete_batch(self, bucket: str, keys: tuple[str, ...]) -> None:
        self._delete_objects(bucket, [{"Key": key} for key in keys])

    def _delete_objects(self, bucket: str, objects: Sequence[Mapping[str, str]]) -> None:
        request = {"Objects": objects, "Quiet": True}
        with asking("DeleteObjects", f"s3://{bucket}"):
            answer = self._client.delete_objects(Bucket=bucket, Delete=request)
        for failure in answer.get("Errors", ()):
            detail = f"{failure.get('Code')}: {failure.get('Message')}"
            raise InvalidRequest("DeleteObjects", _uri(bucket, failure.get("Key", "")), detail)

    def _put(
        self,
        bucket: str,
        key: str,
        body: bytes,
        content_type: str | None,
        metadata: Mapping[str, str] | None,
        **conditions: str,
    ) -> str:
        request: dict[str, Any] = {"Bucket": bucket, "Key": key, "Body": body, **conditions}
        if content_type:
            request["ContentType"] = content_type
        if metadata:
            request["Metadata"] = dict(metadata)
        for attempt in range(1, _CONFLICT_TRIES + 1):
            try:
                with asking("PutObject", _uri(bucket, key)):
                    return str(self._client.put_object(**request)["ETag"])
            except PreconditionFailed as error:
                # 409: another conditional write is in progress. AWS says to repeat; by then it is decided.
                if "ConditionalRequestConflict" not in error.detail or attempt == _CONFLICT_TRIES:
                    raise
                time.sleep(0.05 * 2**attempt)
        raise AssertionError("the last attempt returns or raises")


def _described(key: str, answer: Mapping[str, Any]) -> S3Object:
    return S3Object(
        key, answer["ContentLength"], answer["ETag"], answer["LastModified"], dict(answer.get("Metadata", {}))
    )


class _AsItArrives:
    """The raw stream of a response, whose `read` returns the bytes that have arrived."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def read(self, size: int | None = None) -> bytes:
        """At most `size` bytes, none at the end; without a size, all."""
        block: bytes = self._raw.read() if size is None else self._raw.read1(size)
        return block


class S3Files:
    """Files in any bucket by their `s3://` URI, for code that doesn't know S3."""

    def __init__(self, s3: S3) -> None:
        self._s3 = s3

    def open(self, uri: str) -> AbstractContextManager[IO[bytes]]:
        """Stream a file. Raises NotFound.

        The stream's `read` returns the bytes that have arrived, so an endpoint that sends a byte a minute cannot block
        a reader with a deadline.
        """
        return self._s3.open(*_split(uri), as_it_arrives=True)

    def list(self, location: str) -> Iterator[str]:
        """The names of the files directly at a location, sorted."""
        bucket, prefix = _split(f"{location.rstrip('/')}/")
        names = (entry.key.removeprefix(prefix) for entry in self._s3.list(bucket, prefix))
        return (name for name in names if name and "/" not in name)


def _split(uri: str) -> tuple[str, str]:
    """Bucket and key of an `s3://` URI. Raises InvalidRequest for any other."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not bucket:
        raise InvalidRequest("GetObject", uri, "this is not the URI of a file in S3: use s3://bucket/key")
    return bucket, key


def _uri(bucket: str, key: str) -> str:
    return f"s3://{bucket}/{key}"
