"""Errors of the file source. No message contains a query string or a user name."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_LIKE_A_URI = re.compile(r"(?:https?|s3|file)\b.*[@?]", re.DOTALL | re.IGNORECASE)


class FilesError(Exception):
    """Base of all errors of the file source."""


class NoSuchFile(FilesError):
    """A location doesn't have a file."""

    def __str__(self) -> str:
        return f"{super().__str__()}: put it there, or name another location"


class LocationUnreachable(FilesError):
    """A location did not answer, or the connection broke; try again."""


class Unsettled(FilesError):
    """A file changed a moment ago or while it was read. It may still be being written, so check it again later.

    Attributes:
        settles_in: seconds until it will have been unchanged for long enough, if no one writes to it meanwhile.
    """

    def __init__(self, problem: str, settles_in: float) -> None:
        super().__init__(problem, settles_in)
        self.problem = problem
        self.settles_in = settles_in

    def __str__(self) -> str:
        return (
            f"{self.problem}: it may still be written, so it is not loaded. Load it once it is finished; "
            "if the location always reports the present time, set the source's settle time to 0"
        )


class Incomplete(FilesError):
    """A file no longer changes, but looks incomplete: its last line breaks off, or it has far fewer bytes."""

    def __str__(self) -> str:
        return (
            f"{super().__str__()}. The file looks incomplete, so nothing of it is loaded, and published data stays. "
            "Have it sent again and trigger the run again; if it is complete, trigger it with accept_drop "
            "(--accept-drop)"
        )


class LocationRefused(FilesError):
    """A location or a file is of a kind that isn't supported: encrypted, insecure, unknown."""


class Corrupt(FilesError):
    """A gzip or zip file is broken."""


class TooLarge(FilesError):
    """A file, or all files of an entity together, exceed a limit (see `Limits`) or the space on the local disk."""


class EmptyFile(FilesError):
    """The files contain no record, but should."""


def shown(uri: str) -> str:
    """A URI without user, password, query and fragment, so that it can be logged and kept.

    If the text is hardly a URI but may contain a password, only the scheme is kept.

    >>> shown("https://user:password@example.com/files/sales.csv?signature=abc")
    'https://example.com/files/sales.csv'
    >>> shown("https:user:password@example.com")
    'https…'
    """
    scheme, mark, _ = uri.partition("://")
    if not mark:
        return f"{scheme.partition(':')[0][:5]}…" if _LIKE_A_URI.match(uri) else uri
    try:
        parts = urlsplit(uri)
        _ = parts.port  # a password with a slash is mistaken for a port
    except ValueError:
        return f"{scheme}://…"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
