"""What can go wrong with files; nothing of a query string or a user name gets into a message."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_LIKE_A_URI = re.compile(r"(?:https?|s3|file)\b.*[@?]", re.DOTALL | re.IGNORECASE)


class FilesError(Exception):
    """Base of all errors of the file source."""


class NoSuchFile(FilesError):
    """A location does not have a file."""

    def __str__(self) -> str:
        return f"{super().__str__()}: put it there, or name another location"


class LocationUnreachable(FilesError):
    """A location did not answer, or broke off; it is worth another try."""


class Unsettled(FilesError):
    """A file changed a moment ago or while it was read: it may still be being written, and is worth another look.

    Attributes:
        settles_in: seconds until it will have been left alone for long enough, if nobody writes to it meanwhile.
    """

    def __init__(self, what: str, settles_in: float) -> None:
        super().__init__(what, settles_in)
        self.what = what
        self.settles_in = settles_in

    def __str__(self) -> str:
        return (
            f"{self.what}: it may still be being written, and nothing of it is loaded. Load it once it is finished; "
            "if what is there always looks new, set the source's settle time to 0"
        )


class Incomplete(FilesError):
    """A file was left alone, and yet it looks like a part of what it should be: a torn last line, far fewer bytes."""

    def __str__(self) -> str:
        return (
            f"{super().__str__()}. It looks like a file that was not written to its end: nothing of it is loaded, and "
            "what was published stays. Have it sent again and trigger the run again; if it is complete, trigger it "
            "with accept_drop (--accept-drop)"
        )


class LocationRefused(FilesError):
    """A location or a file is of a kind that is not read: encrypted, insecure, unknown."""


class Corrupt(FilesError):
    """A gzip or zip file is broken."""


class TooLarge(FilesError):
    """A file, or all of an entity, passes a limit (see `Limits`), or finds no room on the local disk."""


class EmptyFile(FilesError):
    """A file holds no record, though it must."""


def shown(uri: str) -> str:
    """A URI as it may be logged and kept: without user, password, query and fragment.

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
        _ = parts.port  # a password with a slash is taken for a port
    except ValueError:
        return f"{scheme}://…"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
