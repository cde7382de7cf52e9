"""Logs the progress of a long operation from time to time."""

from __future__ import annotations

import logging
import time

EVERY_S = 30.0
"""Seconds between two lines."""


class Progress:
    """The progress of one file.

    Args:
        log: takes the lines.
        operation: the file and the operation, without secrets.
    """

    def __init__(self, log: logging.Logger, operation: str) -> None:
        self._log = log
        self._operation = operation
        self._next = time.monotonic() + EVERY_S

    def note(self, size: int) -> None:
        """Report the number of bytes done so far."""
        if (now := time.monotonic()) >= self._next:
            self._next = now + EVERY_S
            self._log.info("%s: %s so far", self._operation, megabytes(size))


def megabytes(size: int) -> str:
    """A size in bytes for people.

    >>> megabytes(1_234), megabytes(1_234_567_890)
    ('1,234 bytes', '1,234.6 MB')
    """
    return f"{size:,} bytes" if size < 10**6 else f"{size / 10**6:,.1f} MB"
