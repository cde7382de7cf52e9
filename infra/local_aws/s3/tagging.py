"""Tags of objects, checked as S3 does and stored with their version.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import xmltodict
from moto.s3 import models as s3_models
from moto.s3 import notifications
from moto.s3.exceptions import BadRequest, InvalidArgumentError, InvalidTagError, MalformedXML, MissingKey
from moto.s3.responses import S3Response

from .keys import DiskKey

_MOST_TAGS = 10
_LONGEST_KEY = 128
_LONGEST_VALUE = 256


def checked(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Checks tags, and returns them by key.

    Raises:
        S3ClientError: there are too many tags, or one is too long, repeated or reserved for AWS.
    """
    tags = dict(pairs)
    if len(tags) != len(pairs):
        raise InvalidTagError("Cannot provide multiple Tags with the same key")
    if len(tags) > _MOST_TAGS:
        raise BadRequest("Object tags cannot be greater than 10")
    for key, value in tags.items():
        if not key or len(key) > _LONGEST_KEY:
            raise InvalidTagError("The TagKey you have provided is invalid")
        if len(value) > _LONGEST_VALUE:
            raise InvalidTagError("The TagValue you have provided is invalid")
        if key.startswith("aws:"):
            raise InvalidTagError("Your TagKey cannot be prefixed with aws:")
    return tags


def from_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The tags of the header `x-amz-tagging`, a query string."""
    text = headers.get("x-amz-tagging") or ""
    try:
        return checked(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)))
    except ValueError:
        message = "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters"
        raise InvalidArgumentError(message, "x-amz-tagging", text) from None


def from_xml(response: S3Response) -> dict[str, str]:
    """The tags in the body of a request."""
    try:
        tag_set = xmltodict.parse(response.body, force_list={"Tag": True})["Tagging"]["TagSet"] or {}
        pairs = [(tag["Key"], tag["Value"] or "") for tag in tag_set.get("Tag", [])]
    except (KeyError, TypeError, xmltodict.expat.ExpatError):
        raise MalformedXML from None
    return checked(pairs)


def get_object_tagging(_backend: Any, key: DiskKey) -> dict[str, list[dict[str, str]]]:
    """`S3Backend.get_object_tagging`."""
    return {"Tags": [{"Key": name, "Value": value} for name, value in key.tags.items()]}


def put_object_tagging(backend: s3_models.S3Backend, key: DiskKey, tags: dict[str, str] | None) -> DiskKey:
    """`S3Backend.put_object_tagging`."""
    key.tags = tags or {}
    _notify(backend, notifications.S3NotificationEvent.OBJECT_TAGGING_PUT_EVENT, key)
    return key


def delete_object_tagging(
    backend: s3_models.S3Backend, bucket_name: str, key_name: str, version_id: str | None = None
) -> None:
    """`S3Backend.delete_object_tagging`."""
    key = backend.get_object(bucket_name, key_name, version_id=version_id)
    if key is None:
        raise MissingKey(key=key_name)
    key.tags = {}
    _notify(backend, notifications.S3NotificationEvent.OBJECT_TAGGING_DELETE_EVENT, key)


def _notify(backend: s3_models.S3Backend, event: notifications.S3NotificationEvent, key: DiskKey) -> None:
    notifications.send_event(backend.account_id, event, backend.get_bucket(key.bucket_name), key)
