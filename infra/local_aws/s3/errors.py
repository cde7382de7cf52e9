"""S3 errors that moto has no class for."""

import functools
from collections.abc import Callable
from typing import Any

from moto.s3.exceptions import S3ClientError

_STATUS = {"NotImplemented": 501, "RestoreAlreadyInProgress": 409, "InternalError": 500}
"""The HTTP status of codes that botocore's model of S3 does not name; for any other it is 400.
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""


class RequestRefused(S3ClientError):
    """An S3 error with any code, serialised by moto like its own errors."""

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return _STATUS.get(self.code, 400)


class Changed(Exception):
    """Another program replaced the file after it was looked up. Look it up again."""


def not_implemented(feature: str) -> RequestRefused:
    """The error for a feature that the local S3 doesn't have."""
    return RequestRefused("NotImplemented", f"The local S3 does not support this: {feature}")


def refuse_locks() -> None:
    """Refuses a request with headers that would lock an object."""
    raise not_implemented("object lock, retention and legal holds.")


def status(_store: Any, serialized: Callable[..., Any]) -> Callable[..., Any]:
    """`S3Response.serialized`, with the HTTP status of a `Refused` error."""

    @functools.wraps(serialized)
    def serialize(self: Any, action_result: Any) -> Any:
        code, headers, body = serialized(self, action_result)
        refusal = action_result.result
        return (refusal.status if isinstance(refusal, RequestRefused) else code), headers, body

    return serialize
