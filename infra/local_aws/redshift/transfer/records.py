"""From records to PostgreSQL's COPY format: each field is converted, and records that do not fit are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ..errors import LoadError, Rejection
from . import fields
from .columns import Column
from .copy_command import CopyCommand

_BATCH_RECORDS = 2_000
_RAW_LENGTH = 1_024
_REASON_LENGTH = 100


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A record that could not be split into fields: Redshift's error code and words."""

    code: int
    reason: str


Fields = Sequence["str | None"]
Record = tuple[int, str, "Fields | BrokenRecord"]
"""Number of the line (from 1), the record's text, and its fields. A field of None is NULL."""


@dataclass(slots=True)
class Outcome:
    """What COPY did with its files so far.

    Attributes:
        max_error: How many records may fail before COPY does.
        files: URI, number of lines and number of errors of each file.
    """

    table: str
    max_error: int = 0
    rows: int = 0
    bytes: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    files: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def notices(self) -> list[str]:
        """Redshift's messages to the client."""
        loaded = f"Load into table '{self.table}' completed, {self.rows} record(s) loaded successfully."
        if not self.rejections:
            return [loaded]
        count = len(self.rejections)
        failed_records = (
            f"Load into table '{self.table}' completed, {count} record(s) could not be loaded.  "
            "Check 'stl_load_errors' system table for details."
        )
        return [loaded, failed_records]

    def reject(self, rejection: Rejection) -> None:
        """Counts a record that does not load.

        Raises:
            LoadError: there are more than MAXERROR.
        """
        self.rejections.append(rejection)
        if len(self.rejections) > self.max_error:
            raise failed(self.table, self.rejections)


def failed(table: str, rejections: Sequence[Rejection]) -> LoadError:
    """The error of a COPY, which names the last record that failed."""
    last = rejections[-1]
    place = f"{last.filename}, line {last.line}" if last.line else last.filename
    column = f", column {last.column}" if last.column else ""
    name = table.replace('"', "")
    message = (
        f"Load into table '{name}' failed.  Check 'stl_load_errors' system table for details."
        f"\n  Detail: {last.reason} (error code {last.code}; {place}{column})"
    )
    return LoadError(message, last.filename, last.column, rejections)


def as_postgres_csv(
    records: Iterable[Record], columns: Sequence[Column], command: CopyCommand, uri: str, outcome: Outcome
) -> Iterator[bytes]:
    """Converts records to PostgreSQL's COPY format, in parts.

    Raises:
        LoadError: more than MAXERROR records have too few or too many fields, or a field that does not fit.
    """
    readers = [fields.reader(column, command) for column in columns]
    as_line = _line_writer(columns, readers, command)
    lines: list[str] = []
    line = 0
    errors_before = len(outcome.rejections)
    for line, raw, values in records:
        try:
            lines.append(as_line(values))
        except fields.FieldError as error:
            outcome.reject(_rejection(error, (line, raw, values), columns, readers, command, uri))
        if len(lines) == _BATCH_RECORDS:
            yield _join(lines)
            lines = []
    if lines:
        yield _join(lines)
    outcome.files.append((uri, line, len(outcome.rejections) - errors_before))


def _line_writer(
    columns: Sequence[Column], readers: Sequence[fields.Read], command: CopyCommand
) -> Callable[[Fields | BrokenRecord], str]:
    """Converts one record to a line. The function raises FieldError for a record that does not fit."""
    count = len(readers)
    required = [column.is_required for column in columns]

    def as_line(values: Fields | BrokenRecord) -> str:
        if isinstance(values, BrokenRecord):
            raise fields.FieldError(values.code, values.reason)
        complete = values if len(values) == count else _completed(values, columns, command)
        texts = [None if value is None else read(value) for read, value in zip(readers, complete, strict=True)]
        if None in texts and any(text is None and needed for text, needed in zip(texts, required, strict=True)):
            raise fields.FieldError(1213, "Missing data for not-null field")
        return ",".join(["" if text is None else '"' + text.replace('"', '""') + '"' for text in texts])

    return as_line


def _join(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _completed(values: Fields, columns: Sequence[Column], command: CopyCommand) -> Fields:
    """A record whose number of fields is not the number of columns, if COPY accepts it."""
    surplus = len(values) - len(columns)
    if surplus == 1 and command.format == "TEXT" and not values[-1]:
        return values[:-1]  # a delimiter may end the record
    if surplus > 0:
        raise fields.FieldError(1202, "Extra column(s) found")
    if not command.fill_record:
        raise fields.FieldError(1214, "Delimiter not found")
    return [*values, *(fields.missing(column, command) for column in columns[len(values) :])]


def _rejection(
    error: fields.FieldError,
    record: Record,
    columns: Sequence[Column],
    readers: Sequence[fields.Read],
    command: CopyCommand,
    uri: str,
) -> Rejection:
    """The row of `stl_load_errors` for a record that failed: finds the field that is at fault."""
    line, raw, values = record
    at = None if isinstance(values, BrokenRecord) or error.code in (1202, 1214) else _faulty(values, columns, readers)
    plain_raw = _printable(raw)[:_RAW_LENGTH]
    reason = str(error)[:_REASON_LENGTH]
    if at is None or isinstance(values, BrokenRecord):
        return Rejection(error.code, reason, uri, line, raw_line=plain_raw)
    column = columns[at]
    texts = [_printable(value or "") for value in values[: at + 1]]
    return Rejection(
        error.code,
        reason,
        uri,
        line,
        sum(len((value or "").encode(errors="replace")) + len(command.delimiter) for value in values[:at]),
        column.name,
        column.type_name,
        ", ".join(map(str, column.arguments)) or "0",
        plain_raw,
        texts[-1][:_RAW_LENGTH] if texts else "",
        tuple(zip([name.name for name in columns], [text[:_RAW_LENGTH] for text in texts], strict=False)),
    )


def _faulty(values: Fields, columns: Sequence[Column], readers: Sequence[fields.Read]) -> int | None:
    for at, (read, column, value) in enumerate(zip(readers, columns, values, strict=False)):
        try:
            text = None if value is None else read(value)
        except fields.FieldError:
            return at
        if text is None and column.is_required:
            return at
    return None


def _printable(text: str) -> str:
    """A text that the database can store."""
    return text.encode(errors="replace").decode().replace("\0", "\\0")
