"""Where moto's S3 is patched: its objects become files, and it is no longer kinder than S3."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response

from infra.local_aws.patching import Patch, apply
from infra.local_aws.s3 import store as on_disk
from infra.local_aws.s3.store import S3Store

_FILES = "moto keeps objects in memory; here each is a file"
_CONDITIONS = "conditional headers are checked and carried out under one lock per key"
_ONE_VERSION = "headers and body of an answer are of one version, whatever other programs write meanwhile"
_REFUSED = "it would be accepted and not done"


def _instead(replacement: Callable[..., Any]) -> Callable[..., Any]:
    """A method that takes the store behind `self`."""
    return lambda _original, store: functools.partialmethod(replacement, store)


def _refused(_original: Any, _store: S3Store) -> Any:
    return on_disk.refuse


def _versioning(_original: Any, _store: S3Store) -> Any:
    return on_disk.put_bucket_versioning


def _conditional(original: Any, store: S3Store) -> Any:
    return on_disk.conditional(store, original)


def _consistent(original: Any, store: S3Store) -> Any:
    return on_disk.consistent(store, original)


PATCHES = (
    Patch(FakeBucket, "__init__", "5.2.5 8965d4badfee", "a bucket is a directory", on_disk.making_directory),
    Patch(S3Backend, "delete_bucket", "5.2.5 5507210f9b04", "a bucket is a directory", on_disk.removing_directory),
    Patch(S3Backend, "put_object", "5.2.5 db803f2da9d7", _FILES, _instead(on_disk.put_object)),
    Patch(S3Backend, "list_objects", "5.2.5 9409ba5af314", _FILES, _instead(on_disk.list_objects)),
    Patch(S3Backend, "list_objects_v2", "5.2.5 f5600333ebab", _FILES, _instead(on_disk.list_objects_v2)),
    Patch(
        S3Backend,
        "complete_multipart_upload",
        "5.2.5 f16c9a08e5db",
        "moto keeps the parts of finished uploads in memory",
        lambda original, _store: on_disk.completing(original),
    ),
    Patch(S3Response, "get_object", "5.2.5 e9731229dec1", _ONE_VERSION, _consistent),
    Patch(S3Response, "upload_part_copy", "5.2.5 347a7235b0d3", _ONE_VERSION, _consistent),
    Patch(
        S3Response,
        "copy_object",
        "5.2.5 79d1ef627994",
        _CONDITIONS,
        lambda original, store: on_disk.conditional(store, on_disk.consistent(store, original)),
    ),
    Patch(S3Response, "put_object", "5.2.5 992229be920b", _CONDITIONS, _conditional),
    Patch(S3Response, "delete_object", "5.2.5 1d979bff76a9", _CONDITIONS, _conditional),
    Patch(
        S3Response,
        "_key_response_post",
        "5.2.5 d6ab8e66ad85",
        _CONDITIONS,
        lambda original, store: on_disk.conditional_completion(store, original),
    ),
    Patch(
        S3Backend,
        "put_bucket_versioning",
        "5.2.5 c8284dd83f75",
        _REFUSED,
        _versioning,
    ),
    Patch(S3Backend, "put_object_lock_configuration", "5.2.5 553a029e18ea", _REFUSED, _refused),
    Patch(S3Backend, "put_object_retention", "5.2.5 913c8a1c3e12", _REFUSED, _refused),
    Patch(S3Backend, "put_object_legal_hold", "5.2.5 77abe7733091", _REFUSED, _refused),
)


def install(root: Path) -> S3Store:
    """Put moto's S3 on disk below `root`, for this whole process, and bring back the buckets found there."""
    store = S3Store(root)
    apply(PATCHES, store)
    on_disk.bring_back(store)
    return store
