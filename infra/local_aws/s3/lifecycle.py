"""Lifecycle rules, stored completely, returned as they were put, and applied at the server's start and every hour.

Applied: expiration of objects, of earlier versions and of delete markers without versions, and the abortion of
incomplete uploads. Transitions to other storage classes are stored and returned but have no effect: all bytes are on
one disk. As in S3, days end at midnight UTC.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
"""

from __future__ import annotations

import datetime
import functools
import itertools
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from moto.core.responses import ActionResult
from moto.s3 import models as s3_models
from moto.s3.exceptions import InvalidArgumentError, NoSuchLifecycleConfiguration
from moto.s3.responses import S3Response

from .keys import DiskKeys
from .store import S3Store
from .versions import Version

_LOG = logging.getLogger(__name__)
EVERY_SECONDS = 3600
_DAY = datetime.timedelta(days=1)


def putting(_store: S3Store, original: Callable[..., None]) -> Callable[..., None]:
    """`S3Backend.put_bucket_lifecycle_configuration`, which also stores the parts of a rule that moto drops."""

    @functools.wraps(original)
    def put_rules(self: s3_models.S3Backend, bucket_name: str, rules: list[dict[str, Any]]) -> None:
        for rule in rules:
            _check(rule)
        original(self, bucket_name, rules)
        rules_with_id = [
            {"ID": uuid.uuid4().hex, **{name: part for name, part in rule.items() if part}} for rule in rules
        ]
        self.get_bucket(bucket_name).lifecycle = [
            rule_with_id | ({"Filter": rule["Filter"]} if "Filter" in rule else {})
            for rule, rule_with_id in zip(rules, rules_with_id, strict=True)
        ]

    return put_rules


def deleting(_store: S3Store, delete: Callable[..., None]) -> Callable[..., None]:
    """`S3Backend.delete_bucket_lifecycle`."""

    @functools.wraps(delete)
    def delete_rules(self: s3_models.S3Backend, bucket_name: str) -> None:
        delete(self, bucket_name)
        self.get_bucket(bucket_name).lifecycle = []

    return delete_rules


def starting(_store: S3Store, create: Callable[..., Any]) -> Callable[..., Any]:
    """`S3Backend.create_multipart_upload`, which also stores when the upload began."""

    @functools.wraps(create)
    def create_upload(self: s3_models.S3Backend, *args: Any, **kwargs: Any) -> Any:
        upload = create(self, *args, **kwargs)
        upload.initiated = datetime.datetime.now(datetime.UTC)
        return upload

    return create_upload


def _check(rule: dict[str, Any]) -> None:
    """Raises InvalidArgumentError for a number of days that is not positive."""
    for action, name in (
        ("Expiration", "Days"),
        ("NoncurrentVersionExpiration", "NoncurrentDays"),
        ("AbortIncompleteMultipartUpload", "DaysAfterInitiation"),
    ):
        days = (rule.get(action) or {}).get(name)
        if days is not None and not (days.isdecimal() and int(days) > 0):
            raise InvalidArgumentError(f"'{name}' for {action} action must be a positive integer", name, days)


def get_bucket_lifecycle(response: S3Response) -> Any:
    """Handles GetBucketLifecycleConfiguration."""
    response.data["Action"] = "GetBucketLifecycleConfiguration"
    rules = getattr(response.backend.get_bucket(response.bucket_name), "lifecycle", None)
    if not rules:
        raise NoSuchLifecycleConfiguration(bucket_name=response.bucket_name)
    smallest = s3_models.TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128K.value
    result = {"Rules": [_as_response(rule) for rule in rules], "TransitionDefaultMinimumObjectSize": smallest}
    return response.serialized(ActionResult(result))


def _as_response(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule with the names of botocore's model. XML has one element for each item of a list."""
    result = dict(rule)
    for element, name in (
        ("Transition", "Transitions"),
        ("NoncurrentVersionTransition", "NoncurrentVersionTransitions"),
    ):
        if (transitions := result.pop(element, None)) is not None:
            result[name] = _as_list(transitions)
    if "Filter" in result:
        result["Filter"] = dict(result["Filter"] or {})
        if conditions := result["Filter"].get("And"):
            result["Filter"]["And"] = {name: part for name, part in conditions.items() if name != "Tag"}
            result["Filter"]["And"]["Tags"] = _as_list(conditions.get("Tag", []))
    return result


def _as_list(part: Any) -> list[Any]:
    return part if isinstance(part, list) else [part]


@dataclass(frozen=True)
class Rule:
    """The part of a rule that is applied. Days are None if the rule doesn't have that action."""

    prefix: str
    tags: dict[str, str]
    larger_than: int | None
    smaller_than: int | None
    expiration_days: int | None
    expiration_date: datetime.datetime | None
    drops_lonely_markers: bool
    noncurrent_days: int | None
    newer_versions: int
    upload_days: int | None

    @classmethod
    def of(cls, rule: dict[str, Any]) -> Rule:
        """Reads a rule in the form of the request."""
        rule_filter = rule.get("Filter") or {}
        rule_filter = {"Prefix": rule.get("Prefix"), **rule_filter, **(rule_filter.get("And") or {})}
        expiration = rule.get("Expiration") or {}
        noncurrent = rule.get("NoncurrentVersionExpiration") or {}
        return cls(
            prefix=rule_filter.get("Prefix") or "",
            tags={tag["Key"]: tag.get("Value") or "" for tag in _as_list(rule_filter.get("Tag") or [])},
            larger_than=_number(rule_filter.get("ObjectSizeGreaterThan")),
            smaller_than=_number(rule_filter.get("ObjectSizeLessThan")),
            expiration_days=_number(expiration.get("Days")),
            expiration_date=_date(expiration.get("Date")),
            drops_lonely_markers=expiration.get("ExpiredObjectDeleteMarker") == "true",
            noncurrent_days=_number(noncurrent.get("NoncurrentDays")),
            newer_versions=_number(noncurrent.get("NewerNoncurrentVersions")) or 0,
            upload_days=_number((rule.get("AbortIncompleteMultipartUpload") or {}).get("DaysAfterInitiation")),
        )

    @property
    def expires_objects(self) -> bool:
        """Whether the rule can expire current objects."""
        return self.expiration_days is not None or self.expiration_date is not None

    def chooses(self, version: Version) -> bool:
        """Whether the rule applies to a version. For a delete marker, only the prefix counts."""
        if not version.key.startswith(self.prefix):
            return False
        if version.is_delete_marker:
            return not self.tags
        size = version.stamp.size
        tags = version.details.get("tags") or {}
        return (
            self.tags.items() <= tags.items()
            and (self.larger_than is None or size > self.larger_than)
            and (self.smaller_than is None or size < self.smaller_than)
        )

    def ends(self, version: Version, at: datetime.datetime) -> bool:
        """Whether a current version has expired."""
        if self.expiration_date is not None:
            return at >= self.expiration_date
        return self.expiration_days is not None and at >= _end(_time_of(version), self.expiration_days)


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _date(text: str | None) -> datetime.datetime | None:
    if text is None:
        return None
    date = datetime.datetime.fromisoformat(text)
    return date if date.tzinfo else date.replace(tzinfo=datetime.UTC)


def _time_of(version: Version) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(version.stamp.mtime_ns / 1e9, datetime.UTC)


def _end(began: datetime.datetime, days: int) -> datetime.datetime:
    """The first midnight UTC after some days."""
    return (began + (days + 1) * _DAY).replace(hour=0, minute=0, second=0, microsecond=0)


def sweep(store: S3Store, bucket: s3_models.FakeBucket, at: datetime.datetime) -> int:
    """Applies the rules of a bucket as of a time. Returns how many versions and uploads were removed."""
    rules = [Rule.of(rule) for rule in getattr(bucket, "lifecycle", None) or [] if rule.get("Status") == "Enabled"]
    if not rules:
        return 0
    store.versions.write_down_deletions(bucket.name)
    swept = sum(_sweep_key(store, bucket, key, rules, at) for key in _keys(store, bucket.name, rules))
    return swept + _abort_uploads(bucket, rules, at)


def _keys(store: S3Store, bucket: str, rules: list[Rule]) -> list[str]:
    """The keys that a rule may affect. Objects without earlier versions are included only if they can expire."""
    keys: set[str] = set()
    for rule in rules:
        keys |= {*store.index.versioned_keys(bucket, rule.prefix)}
        if rule.expires_objects:
            keys |= {*store.disk.keys(bucket, rule.prefix)}
    return sorted(keys)


def _sweep_key(store: S3Store, bucket: s3_models.FakeBucket, key: str, rules: list[Rule], at: datetime.datetime) -> int:
    with store.disk.lock(bucket.name, key):
        history = store.versions.history(bucket.name, key)
        expired = [version.id for version in _ended_versions(history, rules, at)]
        for version_id in expired:
            store.versions.delete_version(bucket.name, key, version_id)
        remaining = store.versions.history(bucket.name, key)
        if not remaining or not _is_over(remaining, rules, at):
            return len(expired)
        if remaining[0].is_delete_marker:
            store.versions.delete_version(bucket.name, key, remaining[0].id)
        else:
            store.versions.delete(bucket.name, key, bucket.versioning_status)
        return len(expired) + 1


def _ended_versions(history: list[Version], rules: list[Rule], at: datetime.datetime) -> Iterator[Version]:
    """The earlier versions that have expired. Their time starts when the next version is written."""
    for position, (newer, version) in enumerate(itertools.pairwise(history)):
        since = _time_of(newer)
        if any(
            rule.noncurrent_days is not None
            and position >= rule.newer_versions
            and rule.chooses(version)
            and at >= _end(since, rule.noncurrent_days)
            for rule in rules
        ):
            yield version


def _is_over(history: list[Version], rules: list[Rule], at: datetime.datetime) -> bool:
    """Whether to remove the current object, or a delete marker without versions."""
    newest = history[0]
    if not newest.is_delete_marker:
        return any(rule.chooses(newest) and rule.ends(newest, at) for rule in rules)
    if len(history) > 1:
        return False
    return any(rule.chooses(newest) and (rule.drops_lonely_markers or rule.ends(newest, at)) for rule in rules)


def _abort_uploads(bucket: s3_models.FakeBucket, rules: list[Rule], at: datetime.datetime) -> int:
    expired = [
        upload.id
        for upload in [*bucket.multiparts.values()]
        if any(
            rule.upload_days is not None
            and upload.key_name.startswith(rule.prefix)
            and at >= _end(upload.initiated, rule.upload_days)
            for rule in rules
        )
    ]
    for upload_id in expired:
        del bucket.multiparts[upload_id]
    return len(expired)


class Sweeper:
    """Applies the rules of all buckets at its start and every hour, in its own thread."""

    def __init__(self, store: S3Store) -> None:
        self._store = store
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="s3-lifecycle", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def close(self) -> None:
        """Stops the thread after its current bucket."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            for bucket in self._buckets():
                if self._stop.is_set():
                    return
                self._sweep(bucket)
            self._stop.wait(EVERY_SECONDS)

    def _sweep(self, bucket: s3_models.FakeBucket) -> None:
        try:
            if swept := sweep(self._store, bucket, datetime.datetime.now(datetime.UTC)):
                _LOG.info("lifecycle of %s: %d versions and uploads removed", bucket.name, swept)
        except Exception:  # noqa: BLE001  the next bucket, or the next hour, may work
            _LOG.exception("could not apply the lifecycle of %s", bucket.name)

    def _buckets(self) -> list[s3_models.FakeBucket]:
        return [
            bucket
            for _, _, backend in [*s3_models.s3_backends.iter_backends()]
            for bucket in [*backend.buckets.values()]
            if isinstance(bucket.keys, DiskKeys)
        ]
