"""Stores messages to SNS topics as files, because no one subscribes here, and moto would only keep them in memory.

Each message is a file that you can read with `cat`. Its name starts with the time (UTC), so `ls` lists the newest last,
and contains the subject. The newest thousand are kept.
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
        folder: created with the first message; only its owner can read it.
        limit: how many files are kept.
    """

    def __init__(self, folder: Path, limit: int = _MOST_FILES) -> None:
        self._folder = folder
        self._limit = limit
        self._lock = threading.Lock()

    def keep(self, topic: str, subject: str | None, message: str) -> Path:
        """Writes a message to a new file, and removes the oldest ones. Raises OSError if that fails."""
        with self._lock:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            time = datetime.now(UTC)
            while list(
                self._folder.glob(f"{_stamp(time)}*")
            ):  # two at the same moment: the later one gets a later name
                time += timedelta(microseconds=1)
            path = self._folder / f"{_stamp(time)}{_slug(subject or topic)}.txt"
            text = f"Time:    {time:%Y-%m-%d %H:%M:%S} UTC\nTopic:   {topic}\nSubject: {subject or ''}\n\n{message}"
            write_whole(path, f"{_printable(text).rstrip()}\n".encode())
            for outdated in sorted(self._folder.glob(_OWN))[: -self._limit]:
                outdated.unlink(missing_ok=True)
        return path


def _stamp(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H-%M-%S.%f}Z"


def _slug(text: str) -> str:
    """The subject's part of a file name: characters that are safe in every file system and shell."""
    words = re.sub(r"[^A-Za-z0-9_.]+", "-", text)[:_NAME_LENGTH].strip("-.")
    return f"-{words}" if words else ""


def _printable(text: str) -> str:
    """The text with control characters escaped, so that a terminal does not execute a name from outside."""
    lines = text.replace("\r\n", "\n")
    return "".join(
        character
        if character in "\n\t" or character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode()
        for character in lines
    )


def publishing(publish: Callable[..., str], messages: Messages) -> Callable[..., str]:
    """`Topic.publish` that also stores the message as a file."""

    @functools.wraps(publish)
    def publish_and_store(
        self: sns_models.Topic, message: str, subject: str | None = None, *args: object, **kwargs: object
    ) -> str:
        messages.keep(self.name, subject, message)
        return publish(self, message, subject, *args, **kwargs)

    return publish_and_store
