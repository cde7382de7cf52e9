"""Listings of current objects (which read names, never bodies), and of all versions."""

import base64
from typing import Any, NamedTuple
from urllib.parse import quote

from moto.core.responses import ActionResult
from moto.s3 import models as s3_models
from moto.s3.exceptions import InvalidArgumentError, InvalidContinuationToken
from moto.s3.responses import S3Response

from .keys import DeleteMarker, DiskKey
from .store import S3Store
from .versions import Version

_MOST_KEYS = 1000
_OWNER = {"ID": s3_models.OWNER, "DisplayName": "webfile"}


class Name(NamedTuple):
    """A key, or a common prefix of keys."""

    text: str
    is_prefix: bool


def _names(store: S3Store, bucket: str, prefix: str, delimiter: str, start_after: str) -> list[Name]:
    """The keys and common prefixes that sort after a marker, in S3's order."""
    if delimiter == "/":
        keys, prefixes = store.disk.level(bucket, prefix)
    else:
        keys, prefixes = _roll_up(
            [*store.disk.keys(bucket, prefix, "" if delimiter else start_after)], prefix, delimiter
        )
    names = [Name(key, False) for key in keys if key > start_after] + [
        Name(text, True) for text in prefixes if text > start_after
    ]
    return sorted(names)


def _roll_up(keys: list[str], prefix: str, delimiter: str) -> tuple[list[str], list[str]]:
    """The keys without the delimiter after the prefix, and the common prefixes of the other keys."""
    if not delimiter:
        return keys, []
    parts = {key: key[len(prefix) :].partition(delimiter) for key in keys}
    prefixes = {prefix + head + separator for head, separator, _ in parts.values() if separator}
    return [key for key, (_, separator, _) in parts.items() if not separator], sorted(prefixes)


def _page(names: list[Name], limit: int | None) -> tuple[list[Name], bool]:
    """The first `limit` names, and whether more follow."""
    if limit is None or len(names) <= limit:
        return names, False
    return names[:limit], limit > 0


def _objects(bucket: s3_models.FakeBucket, names: list[Name]) -> list[Any]:
    """The objects; prefixes stay text. Skips an object that was deleted since the listing began."""
    entries = [name.text if name.is_prefix else bucket.keys.get(name.text) for name in names]
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
    """`S3Backend.list_objects`."""
    names, is_truncated = _page(_names(store, bucket.name, prefix or "", delimiter or "", marker or ""), max_keys)
    entries = _objects(bucket, names)
    objects = [entry for entry in entries if not isinstance(entry, str)]
    return (
        objects,
        [entry for entry in entries if isinstance(entry, str)],
        is_truncated,
        names[-1].text if is_truncated else None,
    )


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
    """`S3Backend.list_objects_v2`. The continuation token is the last key, so it remains valid after a restart."""
    start_key = start_after or ""
    if continuation_token:
        try:
            start_key = base64.urlsafe_b64decode(continuation_token).decode()
        except ValueError:
            raise InvalidContinuationToken from None
    names, is_truncated = _page(
        _names(store, bucket.name, prefix or "", delimiter or "", start_key), min(max_keys, _MOST_KEYS)
    )
    token = base64.urlsafe_b64encode(names[-1].text.encode()).decode() if is_truncated else None
    return _objects(bucket, names), is_truncated, token


class VersionPage(NamedTuple):
    """One page of a listing of versions. If more follow, the markers name its last entry."""

    entries: list[tuple[Version, bool]]
    """The versions, with whether each is the latest of its key."""
    prefixes: list[str]
    next_key: str | None
    next_version: str | None


def version_page(
    store: S3Store, bucket: str, prefix: str, delimiter: str, after_key: str, after_version: str, limit: int
) -> VersionPage:
    """The versions and delete markers after a given version: keys ascending, newest version first."""
    keys, prefixes = _roll_up(
        sorted({*store.disk.keys(bucket, prefix), *store.index.versioned_keys(bucket, prefix)}), prefix, delimiter
    )
    names = sorted([Name(key, False) for key in keys] + [Name(text, True) for text in prefixes])
    page = VersionPage([], [], None, None)
    last_entry: tuple[str, str | None] = ("", None)
    for name in names:
        for entry in _entries_after(store, bucket, name, after_key, after_version):
            if len(page.entries) + len(page.prefixes) == limit:
                return page if limit == 0 else page._replace(next_key=last_entry[0], next_version=last_entry[1])
            if entry is None:
                page.prefixes.append(name.text)
            else:
                page.entries.append(entry)
            last_entry = name.text, None if entry is None else entry[0].id
    return page


def _entries_after(
    store: S3Store, bucket: str, name: Name, after_key: str, after_version: str
) -> list[tuple[Version, bool] | None]:
    """The entries of a name in a listing: None for a common prefix, else its versions."""
    if name.text < after_key or (name.text == after_key and not after_version):
        return []
    if name.is_prefix:
        return [None] if name.text > after_key else []
    history = store.versions.history(bucket, name.text)
    start = 0
    if name.text == after_key:
        start = next((at + 1 for at, version in enumerate(history) if version.id == after_version), 0)
    return [(version, version is history[0]) for version in history[start:]]


def list_object_versions(store: S3Store, response: S3Response) -> Any:
    """Handles ListObjectVersions."""
    bucket = response.backend.get_bucket(response.bucket_name)

    def parameter(name: str) -> str:
        return str(response.querystring.get(name, [""])[0])

    after_key = parameter("key-marker")
    after_version = parameter("version-id-marker")
    if after_version and not after_key:
        message = "A version-id marker cannot be specified without a key marker."
        raise InvalidArgumentError(message, "version-id-marker", after_version)
    limit = _limit(parameter("max-keys"))
    prefix = parameter("prefix")
    delimiter = parameter("delimiter")
    page = version_page(store, bucket.name, prefix, delimiter, after_key, after_version, min(limit, _MOST_KEYS))
    encoding = parameter("encoding-type")
    encoded = quote if encoding == "url" else str
    entries = [(store.as_moto(bucket, version), is_latest) for version, is_latest in page.entries]
    result = {
        "Name": bucket.name,
        "Prefix": encoded(prefix),
        "Delimiter": encoded(delimiter) or None,
        "KeyMarker": encoded(after_key),
        "VersionIdMarker": after_version,
        "MaxKeys": limit,
        "EncodingType": encoding or None,
        "IsTruncated": page.next_key is not None,
        "NextKeyMarker": None if page.next_key is None else encoded(page.next_key),
        "NextVersionIdMarker": page.next_version,
        "Versions": [_entry_fields(entry, latest, encoded) for entry, latest in entries if isinstance(entry, DiskKey)],
        "DeleteMarkers": [
            _entry_fields(entry, latest, encoded) for entry, latest in entries if isinstance(entry, DeleteMarker)
        ],
        "CommonPrefixes": [{"Prefix": encoded(text)} for text in page.prefixes],
    }
    response.data["Action"] = "ListObjectVersions"
    return response.serialized(ActionResult({name: value for name, value in result.items() if value is not None}))


def _limit(text: str) -> int:
    if not text:
        return _MOST_KEYS
    if not text.isdecimal():
        raise InvalidArgumentError("Provided max-keys not an integer or within integer range", "max-keys", text)
    return int(text)


def _entry_fields(entry: DiskKey | DeleteMarker, is_latest: bool, encoded: Any) -> dict[str, Any]:
    fields = {
        "Key": encoded(entry.name),
        "VersionId": entry.version_id,
        "IsLatest": is_latest,
        "LastModified": entry.last_modified_ISO8601,
        "Owner": _OWNER,
    }
    if isinstance(entry, DiskKey):
        fields |= {"ETag": entry.etag, "Size": entry.size, "StorageClass": entry.storage_class}
    return fields
