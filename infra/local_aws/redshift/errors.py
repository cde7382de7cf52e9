"""Typed errors for statements that were not run.

The stand-in must never be more lenient than Redshift and must never guess. So there are two kinds of refusal: Redshift
itself would refuse the statement, or this stand-in does not support it.
"""

from __future__ import annotations


class StatementError(Exception):
    """A statement was not translated; nothing was sent to the database.

    Attributes:
        offset: Where in the statement's text the fault is, in characters, as closely as we know: the start of the
            statement, or of the one in a procedure's body.
    """

    offset: int = 0


class UnsupportedStatement(StatementError):
    """The stand-in does not support this statement, clause or function. Redshift may well run it."""


class RefusedByRedshift(StatementError):
    """Redshift would refuse this statement, for the reason in the message."""


class LoadError(Exception):
    """COPY or UNLOAD failed. The message is Redshift's.

    Attributes:
        filename: `s3://` URI of the object with the error, or an empty string.
        column: Name of the column with the error, or an empty string.
    """

    def __init__(self, message: str, filename: str = "", column: str = "") -> None:
        super().__init__(message)
        self.filename = filename
        self.column = column
