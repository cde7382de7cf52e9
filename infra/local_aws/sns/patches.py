"""Where moto's SNS is patched."""

from __future__ import annotations

from pathlib import Path

from moto.sns.models import Topic

from ..patching import Patch, apply
from .messages import Messages, publishing

PATCHES = (
    Patch(Topic, "publish", "5.2.5 8a3b92494536", "moto keeps messages in memory, where nobody sees them", publishing),
)


def install(folder: Path) -> None:
    """Let every topic of this process keep what is published to it, as a file each in a folder."""
    apply(PATCHES, Messages(folder))
