"""Where moto's STS is patched, and its own idea of who may do what with a bucket."""

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
    """`FakeBucket.get_permission`: whether the bucket's policy lets anybody do it who does not sign.

    Whoever is denied something has been refused at the door, before moto asks.
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
        "moto forgets the managed policies and the tags that a session is opened with",
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
    """Let moto's STS remember, and leave policies of buckets to the door, for this whole process."""
    apply(PATCHES)
