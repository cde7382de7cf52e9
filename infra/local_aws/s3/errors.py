"""Errors that moto has no class for."""

from moto.s3.exceptions import S3ClientError


class Refused(S3ClientError):
    """An S3 error of any code, serialised by moto like its own."""


class Changed(Exception):
    """The file is no longer the one that was looked up: look again."""


def not_implemented(what: str) -> Refused:
    """The answer to what the local S3 does not do."""
    return Refused("NotImplemented", f"The local S3 does not do this: {what}")
