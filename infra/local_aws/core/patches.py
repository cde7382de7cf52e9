"""Patches of what all services of moto share: same responses with less memory."""

from __future__ import annotations

from moto.core import utils
from moto.core.base_backend import AccountSpecificBackend
from moto.iam import aws_managed_policies
from moto.iam import models as iam
from moto.settings import load_iam_aws_managed_policies

from ..patching import Patch, apply
from .models import sharing, sparing


def _if_wanted(policies: str) -> str:
    return policies if load_iam_aws_managed_policies() else "{}"


PATCHES = (
    Patch(
        utils,
        "create_loader",
        "5.2.5 b94f7ea2b2fa",
        "moto keeps the documentation in every model, which doubles its memory",
        sparing,
    ),
    Patch(
        AccountSpecificBackend,
        "_generate_regions",
        "5.2.5 6f339e32d8fa",
        "moto keeps a botocore session, with all endpoints of AWS and a second model of every service",
        sharing,
    ),
    *(
        Patch(
            module,
            "aws_managed_policies_data",
            "5.2.5 5c2adc4522d5",
            "moto keeps the text of all AWS policies, even if MOTO_IAM_LOAD_MANAGED_POLICIES is not set",
            _if_wanted,
        )
        for module in (aws_managed_policies, iam)
    ),
)


def install() -> None:
    """Reduces moto's memory, for this whole process."""
    apply(PATCHES)
