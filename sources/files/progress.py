"""Tells how far a long piece of work is, in the log, now and then."""

from __future__ import annotations

import logging
import time

EVERY_S = 30.0
"""Seconds between two lines."""


class Progress:
    """The progress of one file.

    Args:
        log: where to.
        what: the file and what is done with it, without secrets.
    """

    def __init__(self, log: logging.Logger, what: str) -> None:
        self._log, self._what = log, what
        self._next = time.monotonic() + EVERY_S

    def note(self, size: int) -> None:
        """So many bytes are done."""
        if (now := time.monotonic()) >= self._next:
            self._next = now + EVERY_S
            self._log.info("%s: %s so far", self._what, megabytes(size))


def megabytes(size: int) -> str:
    """A size in bytes for people.

    >>> megabytes(1_234), megabytes(1_234_567_890)
    ('1,234 bytes', '1,234.6 MB')
    """
    return f"{size:,} bytes" if size < 10**6 else f"{size / 10**6:,.1f} MB"
