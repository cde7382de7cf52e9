"""Objects in an archive class (GLACIER, DEEP_ARCHIVE). You can read them only after a restore, for some days.

A restore takes hours in an account and `RESTORE_SECONDS` here. As in an account, the restored copy expires at the
midnight UTC after its last day.
"""

import datetime
import time
from email.utils import format_datetime
from typing import Any

import xmltodict
from moto.s3 import notifications
from moto.s3.exceptions import InvalidObjectState, MalformedXML, MissingKey, MissingVersion
from moto.s3.responses import S3Response
from moto.s3.utils import ARCHIVE_STORAGE_CLASSES

from .disk import S3Disk
from .errors import RequestRefused

RESTORE_SECONDS = 3.0


def restored_until(began: float, days: int) -> float:
    """When a copy expires that is restored for some days. All times are in seconds since 1970."""
    midnight = datetime.datetime.fromtimestamp(began, datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + datetime.timedelta(days=days + 1)).timestamp()


def is_ongoing(details: dict[str, float] | None, at: float | None = None) -> bool:
    """Whether an object is being restored."""
    at = time.time() if at is None else at
    return details is not None and at < details["began"] + RESTORE_SECONDS


def restore_header(details: dict[str, float] | None, at: float | None = None) -> str | None:
    """The header `x-amz-restore`, or None if the object wasn't restored or the copy has expired."""
    at = time.time() if at is None else at
    if details is None or at >= details["expires"]:
        return None
    if is_ongoing(details, at):
        return 'ongoing-request="true"'
    expiry = format_datetime(datetime.datetime.fromtimestamp(details["expires"], datetime.UTC), usegmt=True)
    return f'ongoing-request="false", expiry-date="{expiry}"'


def is_readable(details: dict[str, float] | None) -> bool:
    """Whether an archived object has a restored copy that has not expired."""
    return "false" in (restore_header(details) or "")


def restore_object(disk: S3Disk, response: S3Response, key_name: str) -> Any:
    """Answers RestoreObject: 202 for a new restore, 200 for more days of a restored copy."""
    version_id = response.querystring.get("versionId", [None])[0]
    with disk.lock(response.bucket_name, key_name):
        key = response.backend.get_object(response.bucket_name, key_name, version_id=version_id)
        if key is None:
            raise MissingVersion if version_id else MissingKey(key=key_name)
        if key.storage_class not in ARCHIVE_STORAGE_CLASSES:
            raise InvalidObjectState(storage_class=key.storage_class)
        days = _days(response)
        requested_at = time.time()
        details = key.restore_details
        if is_ongoing(details, requested_at):
            raise RequestRefused("RestoreAlreadyInProgress", "Object restore is already in progress")
        restored = is_readable(details)
        began = details["began"] if details is not None and restored else requested_at
        key.restore_details = {"began": began, "expires": restored_until(requested_at, days)}
    event = notifications.S3NotificationEvent.OBJECT_RESTORE_POST_EVENT
    backend = response.backend
    notifications.send_event(backend.account_id, event, backend.get_bucket(response.bucket_name), key)
    return 200 if restored else 202, {}, ""


def _days(response: S3Response) -> int:
    try:
        request = xmltodict.parse(response.body)["RestoreRequest"]
        days = int(request["Days"])
    except (KeyError, TypeError, ValueError, xmltodict.expat.ExpatError):
        raise MalformedXML from None
    if request.get("Type") == "SELECT":
        raise RequestRefused("NotImplemented", "The local S3 does not support this: restoring the result of a query.")
    if days < 1:
        raise MalformedXML
    return days
