"""Typed errors for statements that were not run.

The stand-in must never be more lenient than Redshift and must never guess. So there are two kinds of refusal: Redshift
itself would refuse the statement, or this stand-in does not support it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record, or a file, that COPY could not load, with the columns of `stl_load_errors`.

    Attributes:
        code: Redshift's error code, such as 1204.
        reason: Redshift's words.
        filename: `s3://` URI of the object.
        line: Number of the line in the file, from 1; 0 if the file as a whole is at fault.
        position: Where the field begins in its line, in bytes, as closely as we know.
        column: Name of the column, or an empty string.
        type: The column's type, as Redshift names it.
        length: The column's length, or precision and scale.
        raw_line: The record's text.
        raw_value: The field's text.
        values: Names and texts of the fields up to the one at fault.
    """

    code: int
    reason: str
    filename: str = ""
    line: int = 0
    position: int = 0
    column: str = ""
    type: str = ""
    length: str = ""
    raw_line: str = ""
    raw_value: str = ""
    values: tuple[tuple[str, str], ...] = ()


class LoadError(Exception):
    """COPY or UNLOAD failed. The message is Redshift's.

    Attributes:
        filename: `s3://` URI of the object with the error, or an empty string.
        column: Name of the column with the error, or an empty string.
        rejections: The records that did not load, in order; empty if no record is at fault.
    """

    def __init__(
        self, message: str, filename: str = "", column: str = "", rejections: Sequence[Rejection] = ()
    ) -> None:
        super().__init__(message)
        self.filename = filename
        self.column = column
        self.rejections = tuple(rejections)
