"""A question to IAM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A question to IAM: may the caller do this?

    Attributes:
        action: such as `s3:GetObject`.
        resource: its ARN, or `*`.
        context: the condition keys that it has.
        absent_keys: further keys of the service, in lower case, which it surely doesn't have.
        is_resource_known: False if the action has a resource, but it is unknown here.
    """

    action: str
    resource: str
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict, hash=False)
    absent_keys: frozenset[str] = frozenset()
    is_resource_known: bool = True
