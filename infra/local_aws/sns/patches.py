"""Patches of moto's SNS."""

from __future__ import annotations

from pathlib import Path

from moto.sns.models import Topic

from ..patching import Patch, apply
from .messages import Messages, publishing

PATCHES = (
    Patch(Topic, "publish", "5.2.5 8a3b92494536", "moto keeps messages in memory, where no one sees them", publishing),
)


def install(folder: Path) -> None:
    """Stores the messages to every topic of this process as files in a folder."""
    apply(PATCHES, Messages(folder))
