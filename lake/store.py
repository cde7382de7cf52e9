"""The lake: one bucket with the keys of the layout. No other module of `lake` names a bucket."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from aws_services.s3 import S3, S3Object
from lake import layout


class CorruptObject(ValueError):
    """A JSON object of the lake, such as a manifest, cannot be read; the message has its URI and the remedy."""


@dataclass(frozen=True, slots=True)
class Lake:
    """The lake bucket.

    Attributes:
        s3: the S3 that contains it.
        bucket: its name.

    Methods raise what `aws_services.s3.S3` raises.
    """

    s3: S3
    bucket: str

    def uri(self, key: str) -> str:
        """The `s3://` URI of a key."""
        return layout.uri(self.bucket, key)

    def key_of(self, uri: str) -> str:
        """The key of a `s3://` URI of this lake. Raises ValueError for any other."""
        root = self.uri("")
        if not uri.startswith(root):
            raise ValueError(f"{uri} is not in the lake {root}")
        return uri.removeprefix(root)

    def get(self, key: str) -> bytes:
        """The bytes of an object. Raises NotFound."""
        return self.s3.get(self.bucket, key)

    def get_with_etag(self, key: str) -> tuple[bytes, str]:
        """The bytes of an object, and the tag for `put_if_match`. Raises NotFound."""
        return self.s3.get_with_etag(self.bucket, key)

    def get_with_metadata(self, key: str) -> tuple[bytes, S3Object]:
        """The bytes of an object with its user metadata. Raises NotFound."""
        return self.s3.get_with_metadata(self.bucket, key)

    def head(self, key: str) -> S3Object:
        """The properties of an object, with its user metadata. Raises NotFound."""
        return self.s3.head(self.bucket, key)

    def open(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """Stream an object. Raises NotFound."""
        return self.s3.open(self.bucket, key)

    def exists(self, key: str) -> bool:
        """Whether the object exists."""
        return self.s3.exists(self.bucket, key)

    def list(self, prefix: str) -> Iterator[S3Object]:
        """All objects below a prefix, in key order."""
        return self.s3.list(self.bucket, prefix)

    def list_prefixes(self, prefix: str) -> Iterator[str]:
        """The "folders" directly below a prefix."""
        return self.s3.list_prefixes(self.bucket, prefix)

    def put(self, key: str, body: bytes, *, content_type: str | None = None) -> str:
        """Write an object, replacing any. Returns its tag."""
        return self.s3.put(self.bucket, key, body, content_type=content_type)

    def put_if_absent(
        self, key: str, body: bytes, *, content_type: str | None = None, metadata: Mapping[str, str] | None = None
    ) -> str:
        """Write an object where there is none. Returns its tag. Raises PreconditionFailed."""
        return self.s3.put_if_absent(self.bucket, key, body, content_type=content_type, metadata=metadata)

    def put_if_match(self, key: str, body: bytes, etag: str, *, content_type: str | None = None) -> str:
        """Replace an object that is still the one read. Returns its tag. Raises PreconditionFailed."""
        return self.s3.put_if_match(self.bucket, key, body, etag, content_type=content_type)

    def put_file(self, key: str, path: Path) -> None:
        """Write a local file as an object."""
        self.s3.put_file(self.bucket, key, path)

    def delete(self, keys: Iterable[str]) -> int:
        """Delete objects. Returns the number of keys."""
        return self.s3.delete_many(self.bucket, keys)

    def read_json(self, key: str) -> dict[str, Any]:
        """One JSON object. Raises NotFound, or CorruptObject if it isn't a JSON object."""
        return decode_json(self.get(key), self.uri(key))

    def write_json(self, key: str, content: Mapping[str, Any]) -> None:
        """Write a JSON object, readable by people, replacing any."""
        self.put(key, encode_json(content), content_type="application/json")


def encode_json(content: Mapping[str, Any]) -> bytes:
    """JSON as the lake stores it: indented, UTF-8, keys in their original order, a newline at the end."""
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def decode_json(body: bytes, uri: str) -> dict[str, Any]:
    """Parse the result of `encode_json`. Raises CorruptObject, which names the URI."""
    try:
        content = json.loads(body)
    except ValueError as error:
        raise CorruptObject(f"{uri} is not JSON ({error}): delete it and run the task that writes it again") from error
    if not isinstance(content, dict):
        raise CorruptObject(f"{uri} is not a JSON object: delete it and run the task that writes it again")
    return content
