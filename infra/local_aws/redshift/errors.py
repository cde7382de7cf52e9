"""Why a statement was not run, as typed errors.

The stand-in must never be more lenient than Redshift and must never guess. So there are two ways of saying no:
Redshift itself would refuse the statement, or this stand-in does not know it.
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
    """The stand-in does not know this statement, clause or function. Redshift may well run it."""


class RefusedByRedshift(StatementError):
    """Redshift would refuse this statement, for the reason in the message."""


class LoadError(Exception):
    """COPY or UNLOAD failed: the message is what Redshift would say.

    Attributes:
        filename: `s3://` URI of the offending object, or an empty string.
        column: Name of the offending column, or an empty string.
    """

    def __init__(self, message: str, filename: str = "", column: str = "") -> None:
        super().__init__(message)
        self.filename = filename
        self.column = column
