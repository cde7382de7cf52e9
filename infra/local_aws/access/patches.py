"""Patches of moto's STS, and of moto's own permission checks for buckets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket
from moto.sts.responses import TokenResponse

from ..patching import Patch, apply
from .context import Context
from .evaluation import Policies, decide
from .policies import Request
from .principals import ANONYMOUS
from .sessions import remembering


def _public(_: Callable[..., Any]) -> Callable[[FakeBucket, str, str], PermissionResult]:
    """`FakeBucket.get_permission`: whether the bucket's policy allows unsigned requests.

    The middleware refuses denied requests before moto checks them.
    """

    def get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
        policy = self.policy.decode() if self.policy else None
        request = Request(action, resource, Context("s3", {}))
        is_public = decide(ANONYMOUS, request, Policies((), resource=policy)).allowed
        return PermissionResult.PERMITTED if is_public else PermissionResult.NEUTRAL

    return get_permission


PATCHES = (
    Patch(
        TokenResponse,
        "assume_role",
        "5.2.5 8e014e59789f",
        "moto drops the managed policies and the tags of a new session",
        remembering,
    ),
    Patch(
        FakeBucket,
        "get_permission",
        "5.2.5 7571412a3495",
        "moto ignores principals and conditions of a bucket's policy, and NotAction and NotResource",
        _public,
    ),
)


def install() -> None:
    """Stores session details in moto's STS, and leaves bucket policies to the middleware, for this whole process."""
    apply(PATCHES)
