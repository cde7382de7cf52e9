"""Patches of moto's S3: objects are files with versions, and it refuses what S3 refuses."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response

from ..patching import Patch, apply, bound, instead
from . import (
    bucket_configuration,
    buckets,
    conditions,
    deleting,
    errors,
    lifecycle,
    listing,
    object_acl,
    reading,
    tagging,
    writing,
)
from .store import S3Store

_FILES = "moto keeps objects in memory; here each object and each version is a file"
_ONCE = "an object and all its details are written at once"
_CONDITIONS = "conditional headers are checked and carried out under one lock per key"
_ONE_VERSION = "headers and body of a response belong to one version, even while other programs write"
_KEPT = "moto forgets it at a restart"
_RULES = "moto drops parts of a lifecycle rule, and applies none"
_NO_UPLOAD = "moto fails when there is no such upload"


def _around(wrap: Callable[..., Any]) -> Callable[..., Any]:
    """A method that calls the original."""
    return lambda original, store: wrap(store, original)


def _answer(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Turns a handler that takes the store first into a method of the response."""

    def make(_original: Any, store: S3Store) -> Callable[..., Any]:
        @functools.wraps(handler)
        def respond(self: S3Response) -> Any:
            return handler(store, self)

        return respond

    return make


def _conditional(make: Callable[..., Any]) -> Callable[..., Any]:
    return lambda original, store: conditions.conditional(store, make(original, store))


def _consistent(make: Callable[..., Any]) -> Callable[..., Any]:
    return lambda original, store: conditions.consistent(store, make(original, store))


def _original(original: Any, _store: S3Store) -> Any:
    return original


PATCHES = (
    Patch(FakeBucket, "__init__", "5.2.5 8965d4badfee", "a bucket is a directory", buckets.making_directory),
    Patch(S3Backend, "delete_bucket", "5.2.5 5507210f9b04", "a bucket is a directory", buckets.removing_directory),
    Patch(S3Backend, "put_object", "5.2.5 db803f2da9d7", _FILES, bound(writing.put_from_backend)),
    Patch(
        S3Backend,
        "get_object",
        "5.2.5 a80723978ebb",
        _FILES,
        lambda o, store: functools.partialmethod(reading.get_object, store, o),
    ),
    Patch(S3Backend, "delete_object", "5.2.5 5c1677b52971", _FILES, bound(deleting.delete_object)),
    Patch(S3Backend, "delete_objects", "5.2.5 22b7eca436d5", _FILES, bound(deleting.delete_objects)),
    Patch(S3Backend, "list_objects", "5.2.5 9409ba5af314", _FILES, bound(listing.list_objects)),
    Patch(S3Backend, "list_objects_v2", "5.2.5 f5600333ebab", _FILES, bound(listing.list_objects_v2)),
    Patch(
        S3Backend, "complete_multipart_upload", "5.2.5 f16c9a08e5db", _ONCE, bound(writing.complete_multipart_upload)
    ),
    Patch(S3Backend, "get_object_tagging", "5.2.5 c0775840ed39", _KEPT, instead(tagging.get_object_tagging)),
    Patch(S3Backend, "put_object_tagging", "5.2.5 5d1ebe6352a4", _KEPT, instead(tagging.put_object_tagging)),
    Patch(S3Backend, "delete_object_tagging", "5.2.5 e4166b26185e", _KEPT, instead(tagging.delete_object_tagging)),
    Patch(
        S3Backend,
        "get_bucket_encryption",
        "5.2.5 c53fdafc1b3d",
        "since 2023, S3 encrypts a bucket by default",
        instead(bucket_configuration.get_bucket_encryption),
    ),
    Patch(S3Backend, "put_bucket_lifecycle_configuration", "5.2.5 0764064d324d", _RULES, _around(lifecycle.putting)),
    Patch(S3Backend, "delete_bucket_lifecycle", "5.2.5 8cbb0f42870f", _RULES, _around(lifecycle.deleting)),
    Patch(S3Backend, "create_multipart_upload", "5.2.5 20b9a24585cf", _RULES, _around(lifecycle.starting)),
    Patch(S3Response, "get_bucket_lifecycle", "5.2.5 c5ba3f15a570", _RULES, instead(lifecycle.get_bucket_lifecycle)),
    Patch(S3Backend, "upload_part", "5.2.5 6a8a2763f53d", _NO_UPLOAD, _around(writing.of_upload)),
    Patch(S3Backend, "upload_part_copy", "5.2.5 f6f876edf982", _NO_UPLOAD, _around(writing.of_upload)),
    Patch(S3Backend, "tag_resource", "5.2.5 79837c61f114", _KEPT, _around(bucket_configuration.saving_tags)),
    Patch(S3Backend, "untag_resource", "5.2.5 402f0d46c845", _KEPT, _around(bucket_configuration.saving_tags)),
    Patch(
        S3Response,
        "serialized",
        "5.2.5 af486a0ef132",
        "codes that botocore does not know get their status",
        _around(errors.status),
    ),
    Patch(S3Response, "get_object", "5.2.5 e9731229dec1", _ONE_VERSION, _consistent(_original)),
    Patch(S3Response, "upload_part_copy", "5.2.5 347a7235b0d3", _ONE_VERSION, _consistent(_original)),
    Patch(
        S3Response,
        "head_object",
        "5.2.5 6ca35f68a7d0",
        "moto has no null version, and can't read the head of an archived object",
        lambda _original, store: reading.naming_delete_markers(store, reading.head_object),
    ),
    Patch(
        S3Response,
        "_key_response_get",
        "5.2.5 ee432d6a706f",
        "moto doesn't report that a delete marker hides an object",
        _around(reading.naming_delete_markers),
    ),
    Patch(
        S3Response,
        "_get_key",
        "5.2.5 f196655b011d",
        "tags and ACL of an archived object can be read",
        _around(reading.archived_or_not),
    ),
    Patch(S3Response, "put_object", "5.2.5 992229be920b", _ONCE, _conditional(_answer(writing.put_object))),
    Patch(
        S3Response, "copy_object", "5.2.5 79d1ef627994", _ONCE, _conditional(_consistent(_answer(writing.copy_object)))
    ),
    Patch(S3Response, "delete_object", "5.2.5 1d979bff76a9", _CONDITIONS, _conditional(_original)),
    Patch(S3Response, "_key_response_post", "5.2.5 d6ab8e66ad85", _CONDITIONS, _around(writing.post_to_key)),
    Patch(S3Response, "list_object_versions", "5.2.5 a5ad4dafbad9", _FILES, _answer(listing.list_object_versions)),
    Patch(
        S3Response,
        "put_object_acl",
        "5.2.5 37e7e5a0ea68",
        "moto knows neither XML lists nor versions",
        instead(object_acl.put_object_acl),
    ),
    Patch(
        S3Response,
        "_acl_from_headers",
        "5.2.5 811f062c43b5",
        "moto fails on an unknown canned list",
        _around(object_acl.checking),
    ),
    Patch(
        S3Response,
        "_tagging_from_xml",
        "5.2.5 c51b9b6dfbcb",
        "moto fails on an empty set of tags",
        instead(tagging.from_xml),
    ),
    Patch(
        S3Response,
        "_bucket_response_put",
        "5.2.5 5fa2acfbf268",
        _KEPT,
        lambda o, store: bucket_configuration.saving(store, bucket_configuration.checking(store, o)),
    ),
    Patch(S3Response, "_bucket_response_delete", "5.2.5 068da6315fbd", _KEPT, _around(bucket_configuration.saving)),
)


def install(root: Path) -> S3Store:
    """Moves moto's S3 to disk below `root`, for this whole process, and loads the buckets that are already there."""
    store = S3Store(root)
    apply(PATCHES, store)
    buckets.bring_back(store)
    return store
