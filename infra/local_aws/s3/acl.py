"""Access control lists of objects and buckets: as S3 shows them, and as JSON for the index."""

from typing import Any

from moto.s3 import models as s3_models

PRIVATE = s3_models.get_canned_acl("private")
CANNED = (
    *("private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read"),
    *("bucket-owner-read", "bucket-owner-full-control", "log-delivery-write"),
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl"""


def to_json(acl: s3_models.FakeAcl) -> list[dict[str, str]]:
    """One entry per grantee and permission, without the fields that a grantee lacks."""
    return [
        {
            name: text
            for name, text in (
                ("id", grantee.id),
                ("uri", grantee.uri),
                ("display_name", grantee.display_name),
                ("permission", permission),
            )
            if text
        }
        for grant in acl.grants
        for grantee in grant.grantees
        for permission in grant.permissions
    ]


def from_json(grants: list[dict[str, str]]) -> s3_models.FakeAcl:
    """Reads a stored list."""
    return s3_models.FakeAcl([_grant(**grant) for grant in grants])


def _grant(permission: str, id: str = "", uri: str = "", display_name: str = "") -> s3_models.FakeGrant:  # noqa: A002  as it is stored
    return s3_models.FakeGrant([s3_models.FakeGrantee(id, uri, display_name)], [permission])


def flat(acl: Any) -> s3_models.FakeAcl:
    """The same list with one grantee and one permission per grant: moto shows no more of a grant."""
    return from_json(to_json(acl))
