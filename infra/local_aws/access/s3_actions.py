"""The IAM actions that an S3 request needs, and the condition keys that it has.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html and
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from .. import account

Query = Mapping[str, list[str]]

_OF_BUCKET = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "analytics": "AnalyticsConfiguration",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "intelligent-tiering": "IntelligentTieringConfiguration",
    "inventory": "InventoryConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "location": "BucketLocation",
    "logging": "BucketLogging",
    "metrics": "MetricsConfiguration",
    "notification": "BucketNotification",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "policyStatus": "BucketPolicyStatus",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
    "requestPayment": "BucketRequestPayment",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}
"""The part of the action's name after `Get` and `Put`, by query parameter."""
_DELETED_BY_NAME = ("policy", "website")
"""Subresources with an action to delete them; others need the permission to put them."""
_LISTINGS = {"versions": "s3:ListBucketVersions", "uploads": "s3:ListBucketMultipartUploads"}

_OF_OBJECT = {
    "acl": "ObjectAcl",
    "tagging": "ObjectTagging",
    "retention": "ObjectRetention",
    "legal-hold": "ObjectLegalHold",
    "torrent": "ObjectTorrent",
    "attributes": "ObjectAttributes",
}

_GRANTS = tuple(f"x-amz-grant-{name}" for name in ("read", "write", "read-acp", "write-acp", "full-control"))
_HEADERS = (
    *("x-amz-acl", "x-amz-copy-source", "x-amz-metadata-directive", "x-amz-server-side-encryption"),
    *("x-amz-server-side-encryption-aws-kms-key-id", "x-amz-server-side-encryption-customer-algorithm"),
    *("x-amz-storage-class", "x-amz-website-redirect-location", "x-amz-content-sha256", "if-match", "if-none-match"),
    *_GRANTS,
)
"""Headers that are condition keys with the same name."""
_PARAMETERS = {"prefix": "prefix", "delimiter": "delimiter", "max-keys": "max-keys", "versionId": "VersionId"}
"""Query parameters that are condition keys, with their names."""

KEYS = frozenset(
    f"s3:{name.lower()}"
    for name in (
        *(*_HEADERS, *_PARAMETERS.values()),
        *("authtype", "signatureversion", "tlsversion", "requestobjecttag/", "requestobjecttagkeys"),
        *("dataaccesspointarn", "dataaccesspointaccount", "accesspointnetworkorigin"),
    )
)
"""Keys that are absent unless a request has them. Keys about the object itself are not included."""


def of_bucket(method: str, query: Query) -> str:
    """The action of a request on a bucket."""
    subresource = next((name for name in query if name in _OF_BUCKET), None)
    if subresource is not None:
        verb = "Get" if method in ("GET", "HEAD") else "Delete" if _is_deleted_by_name(method, subresource) else "Put"
        return f"s3:{verb}{_OF_BUCKET[subresource]}"
    if method in ("GET", "HEAD"):
        return next((_LISTINGS[name] for name in query if name in _LISTINGS), "s3:ListBucket")
    return {"PUT": "s3:CreateBucket", "DELETE": "s3:DeleteBucket"}.get(method, "s3:PutObject")


def _is_deleted_by_name(method: str, subresource: str) -> bool:
    return method == "DELETE" and subresource in _DELETED_BY_NAME


def of_object(method: str, query: Query, headers: Mapping[str, str]) -> Iterator[str]:
    """The actions of a request on an object; it needs all of them."""
    subresource = next((name for name in query if name in _OF_OBJECT), None)
    version = "Version" if query.get("versionId", [""])[0] else ""
    if subresource is not None:
        verb = {"GET": "Get", "HEAD": "Get", "DELETE": "Delete"}.get(method, "Put")
        yield f"s3:{verb}{_OF_OBJECT[subresource].replace('Object', f'Object{version}', 1)}"
    elif "uploadId" in query and method in ("GET", "DELETE"):
        yield "s3:ListMultipartUploadParts" if method == "GET" else "s3:AbortMultipartUpload"
    elif method in ("GET", "HEAD") or "select" in query:
        yield f"s3:GetObject{version}"
    elif method == "DELETE":
        yield f"s3:DeleteObject{version}"
    elif "restore" in query:
        yield "s3:RestoreObject"
    else:
        yield "s3:PutObject"
        if _header(headers, "x-amz-tagging"):
            yield "s3:PutObjectTagging"
        if any(_header(headers, name) for name in ("x-amz-acl", *_GRANTS)):
            yield "s3:PutObjectAcl"


def keys(query: Query, headers: Mapping[str, str]) -> dict[str, str | tuple[str, ...]]:
    """The condition keys of a request."""
    condition_keys: dict[str, str | tuple[str, ...]] = {
        f"s3:{name}": value for name in _HEADERS if (value := _header(headers, name)) is not None
    }
    condition_keys["s3:ResourceAccount"] = account.ID
    condition_keys |= {f"s3:{key}": query[name][0] for name, key in _PARAMETERS.items() if name in query}
    is_presigned = "X-Amz-Signature" in query
    if is_presigned or "HTTP_AUTHORIZATION" in headers:
        condition_keys |= {
            "s3:authType": "REST-QUERY-STRING" if is_presigned else "REST-HEADER",
            "s3:signatureversion": "AWS4-HMAC-SHA256",
        }
    if tags := dict(parse_qsl(_header(headers, "x-amz-tagging") or "")):
        condition_keys |= {f"s3:RequestObjectTag/{name}": value for name, value in tags.items()}
        condition_keys["s3:RequestObjectTagKeys"] = tuple(tags)
    return condition_keys


def _header(headers: Mapping[str, str], name: str) -> str | None:
    """A header of a WSGI environment."""
    return headers.get(f"HTTP_{name.upper().replace('-', '_')}")
