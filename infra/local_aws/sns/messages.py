"""Keeps what is published to SNS topics as files: nobody here subscribes, and moto would keep it in memory only.

One file a message, readable with `cat`, named by the time (UTC) and the subject, so that the newest is the last of
`ls`. The newest thousand are kept.
"""

import functools
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from moto.sns import models as sns_models

from ..room import write_whole

_MOST_FILES = 1000
_NAME_LENGTH = 120
_OWN = "????-??-??T??-??-??.??????Z*.txt"


class Messages:
    """The published messages of this server, as files in a folder.

    Args:
        folder: made with the first message; only its owner can read it.
        most: how many files are kept.
    """

    def __init__(self, folder: Path, most: int = _MOST_FILES) -> None:
        self._folder, self._most = folder, most
        self._lock = threading.Lock()

    def keep(self, topic: str, subject: str | None, message: str) -> Path:
        """Write a message to a file of its own, and remove the oldest ones. Raises OSError when that fails."""
        with self._lock:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            now = datetime.now(UTC)
            while list(self._folder.glob(f"{_stamp(now)}*")):  # two of one moment: the later one is the later one
                now += timedelta(microseconds=1)
            path = self._folder / f"{_stamp(now)}{_slug(subject or topic)}.txt"
            text = f"Time:    {now:%Y-%m-%d %H:%M:%S} UTC\nTopic:   {topic}\nSubject: {subject or ''}\n\n{message}"
            write_whole(path, f"{_printable(text).rstrip()}\n".encode())
            for old in sorted(self._folder.glob(_OWN))[: -self._most]:
                old.unlink(missing_ok=True)
        return path


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H-%M-%S.%f}Z"


def _slug(text: str) -> str:
    """What a subject adds to a file's name: letters that are safe in every file system and shell."""
    words = re.sub(r"[^A-Za-z0-9_.]+", "-", text)[:_NAME_LENGTH].strip("-.")
    return f"-{words}" if words else ""


def _printable(text: str) -> str:
    """The text with control characters escaped: a terminal must not obey a name that came from outside."""
    lines = text.replace("\r\n", "\n")
    return "".join(
        each if each in "\n\t" or each.isprintable() else each.encode("unicode_escape", "surrogatepass").decode()
        for each in lines
    )


def publishing(publish: Callable[..., str], messages: Messages) -> Callable[..., str]:
    """`Topic.publish` that also keeps the message as a file."""

    @functools.wraps(publish)
    def publish_and_keep(
        self: sns_models.Topic, message: str, subject: str | None = None, *args: object, **kwargs: object
    ) -> str:
        messages.keep(self.name, subject, message)
        return publish(self, message, subject, *args, **kwargs)

    return publish_and_keep
