"""Conditional requests, and responses about a single version. Both hold the lock of the key."""

import functools
from collections.abc import Callable
from typing import Any

from moto.s3.exceptions import MissingKey, PreconditionFailed
from moto.s3.responses import S3Response

from .errors import Changed, RequestRefused
from .store import S3Store

Handler = Callable[[S3Response], Any]
_LOOKS = 20


def check(response: S3Response, key_name: str) -> None:
    """Enforces the conditional headers of a write. The caller must hold the key's lock.

    If the newest version of a key is a delete marker, the key has no object.
    """
    if_match = response.headers.get("If-Match")
    if_none_match = response.headers.get("If-None-Match")
    if not if_match and not if_none_match:
        return
    existing = response.backend.get_object(response.bucket_name, key_name)
    if if_none_match and if_none_match != "*":
        raise RequestRefused("NotImplemented", "A header you provided implies functionality that is not implemented")
    if if_none_match and existing is not None:
        raise PreconditionFailed("If-None-Match")
    if if_match and existing is None:
        raise MissingKey(key=key_name)
    if if_match and if_match != "*" and if_match.strip('"') != existing.etag.strip('"'):
        raise PreconditionFailed("If-Match")


def consistent(store: S3Store, handler: Handler) -> Handler:
    """Wraps a handler so that headers and body of a response belong to the same version of the object."""

    @functools.wraps(handler)
    def respond(self: S3Response) -> Any:
        for _ in range(_LOOKS):
            try:
                with store.disk.lock(self.bucket_name, self.parse_key_name()):
                    return handler(self)
            except Changed:
                continue
        raise RequestRefused("InternalError", "The object is being rewritten all the time.")

    return respond


def conditional(store: S3Store, handler: Handler) -> Handler:
    """Wraps a write so that no other write comes between the check of its conditions and the write itself."""

    @functools.wraps(handler)
    def respond(self: S3Response) -> Any:
        key_name = self.parse_key_name()
        with store.disk.lock(self.bucket_name, key_name):
            check(self, key_name)
            return handler(self)

    return respond
