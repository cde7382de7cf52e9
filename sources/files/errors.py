"""What can go wrong with files; nothing of a query string or a user name gets into a message."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


class FilesError(Exception):
    """Base of all errors of the file source."""


class NoSuchFile(FilesError):
    """A location does not have a file."""


class Unreachable(FilesError):
    """A location did not answer, or broke off; it is worth another try."""


class Refused(FilesError):
    """A location or a file is of a kind that is not read: encrypted, insecure, unknown."""


class Corrupt(FilesError):
    """A gzip or zip file is broken."""


class TooLarge(FilesError):
    """A file passes a limit; see `Limits`."""


class EmptyFile(FilesError):
    """A file holds no record, though it must."""


def shown(uri: str) -> str:
    """A URI as it may be logged and kept: without user, password, query and fragment."""
    if "://" not in uri:
        return uri
    parts = urlsplit(uri)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
